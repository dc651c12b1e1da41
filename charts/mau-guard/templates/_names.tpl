{{- define "mau-guard.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "mau-guard.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains (include "mau-guard.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "mau-guard.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "mau-guard.selectorLabels" -}}
app.kubernetes.io/name: {{ include "mau-guard.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Only the gateways, not the pod of `helm test`. */}}
{{- define "mau-guard.gatewayLabels" -}}
{{ include "mau-guard.selectorLabels" . }}
app.kubernetes.io/component: gateway
{{- end -}}

{{- define "mau-guard.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "mau-guard.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "mau-guard.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "mau-guard.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "mau-guard.image" -}}
{{- $repository := required "image.repository: where you have pushed the image" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* Not empty when pods have disks that must come back with them. */}}
{{- define "mau-guard.stateful" -}}
{{- if or .Values.journal.enabled (eq .Values.ledger "embedded") -}}true{{- end -}}
{{- end -}}

{{- define "mau-guard.workloadKind" -}}
{{- if include "mau-guard.stateful" . -}}StatefulSet{{- else -}}Deployment{{- end -}}
{{- end -}}

{{/* What cannot work is refused before it is installed. */}}
{{- define "mau-guard.refuseContradictions" -}}
{{- if eq .Values.ledger "embedded" -}}
{{- if or (ne (int .Values.replicaCount) 1) .Values.autoscaling.enabled (ne (int .Values.processes) 1) -}}
{{- fail "ledger: embedded belongs to one process: replicaCount 1, processes 1, no autoscaling" -}}
{{- end -}}
{{- if has "REDIS_URL" .Values.secret.keys -}}
{{- fail "ledger: embedded has no Redis: take REDIS_URL out of secret.keys" -}}
{{- end -}}
{{- end -}}
{{- if le (int .Values.terminationGracePeriodSeconds) (add (int .Values.preStopSeconds) 20) -}}
{{- fail "terminationGracePeriodSeconds: must be more than preStopSeconds plus the 20 s in which a gateway ends" -}}
{{- end -}}
{{- end -}}
