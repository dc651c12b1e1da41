{{/* The environment of a gateway, also of the one that `helm test` only looks with. */}}
{{- define "mau-guard.env" -}}
- { name: NODE_ENV, value: production }
- { name: HOST, value: "0.0.0.0" }
- { name: PORT, value: "3000" }
- { name: METRICS_PORT, value: {{ .Values.metrics.port | quote }} }
- { name: LEDGER, value: {{ .Values.ledger }} }
{{- if .Values.config }}
- { name: MAU_CONFIG_FILE, value: /etc/mau-guard/mau-guard.yaml }
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- $secret := required "secret.existingSecret: a Secret with keys named like the variables" .Values.secret.existingSecret }}
{{- range .Values.secret.keys }}
{{- if eq $.Values.secret.mount "files" }}
- name: {{ . }}_FILE
  value: /run/secrets/mau-guard/{{ . }}
{{- else }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $secret | quote }}, key: {{ . }} } }
{{- end }}
{{- end }}
{{- end -}}

{{- define "mau-guard.mounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .Values.config }}
- { name: config, mountPath: /etc/mau-guard, readOnly: true }
{{- end }}
{{- if eq .Values.secret.mount "files" }}
- { name: secrets, mountPath: /run/secrets/mau-guard, readOnly: true }
{{- end }}
{{- end -}}

{{- define "mau-guard.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: 64Mi }
{{- if .Values.config }}
- name: config
  configMap: { name: {{ include "mau-guard.fullname" . }} }
{{- end }}
{{- if eq .Values.secret.mount "files" }}
- name: secrets
  secret:
    secretName: {{ .Values.secret.existingSecret | quote }}
    defaultMode: 288 # 0440, in a notation that every parser reads alike
    items:
      {{- range .Values.secret.keys }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
{{- end }}
{{- end -}}

{{- define "mau-guard.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "mau-guard.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "mau-guard.podTemplate" -}}
metadata:
  labels:
    {{- include "mau-guard.labels" . | nindent 4 }}
    app.kubernetes.io/component: gateway
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    checksum/config: {{ toYaml .Values.config | sha256sum }}
    {{- with .Values.secret.revision }}
    mau-guard/secret-revision: {{ . | quote }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "mau-guard.serviceAccountName" . }}
  automountServiceAccountToken: false
  # Else a Service named `redis` would set REDIS_PORT and the like.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "mau-guard.podSecurity" . | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  containers:
    - name: gateway
      image: {{ include "mau-guard.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      command:
        - node
        - --max-semi-space-size=32
        - --single-threaded-gc
        - dist/cli/main.js
        - serve
        {{- if gt (int .Values.processes) 1 }}
        - --processes
        - {{ .Values.processes | quote }}
        {{- end }}
        {{- range .Values.extraArgs }}
        - {{ . | quote }}
        {{- end }}
      env:
        {{- include "mau-guard.env" . | nindent 8 }}
        {{- if eq .Values.ledger "embedded" }}
        - { name: LEDGER_PATH, value: /data/ledger.db }
        {{- end }}
        {{- if .Values.journal.enabled }}
        - { name: JOURNAL_PATH, value: /data/journal }
        {{- end }}
      ports:
        - { name: http, containerPort: 3000 }
        - { name: metrics, containerPort: {{ .Values.metrics.port }} }
      startupProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 2
        failureThreshold: 30
      livenessProbe:
        httpGet: { path: /livez, port: http }
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      readinessProbe:
        httpGet: { path: /readyz, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      lifecycle:
        # Until every node knows that this pod is going.
        preStop: { exec: { command: [sleep, {{ .Values.preStopSeconds | quote }}] } }
      securityContext:
        {{- include "mau-guard.containerSecurity" . | nindent 8 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        {{- include "mau-guard.mounts" . | nindent 8 }}
        {{- if include "mau-guard.stateful" . }}
        - { name: data, mountPath: /data }
        {{- end }}
  volumes:
    {{- include "mau-guard.volumes" . | nindent 4 }}
  topologySpreadConstraints:
    {{- if .Values.topologySpreadConstraints }}
    {{- toYaml .Values.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "mau-guard.gatewayLabels" $ | nindent 10 }}
    {{- end }}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
