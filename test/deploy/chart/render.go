// Renders the chart as Helm does: Go's text/template with sprig and Helm's own functions. It stands in for `helm
// template` where there is no Helm; it validates nothing. Needs Debian's packages golang-go,
// golang-github-masterminds-sprig-dev and golang-github-ghodss-yaml-dev:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run render.go CHART_FOLDER VALUES_FILE
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/ghodss/yaml"
)

type files struct{ folder string }

// Get is `.Files.Get`: empty when there is no such file, else its name in place of its text, so that what was
// rendered does not change with every alert.
func (f files) Get(name string) string {
	if _, err := os.Stat(filepath.Join(f.folder, name)); err != nil {
		return ""
	}
	return "textOf: " + name
}

func main() {
	output, err := render(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(output)
}

func render(chart string, valuesFile string) (string, error) {
	values, err := readYaml(filepath.Join(chart, "values.yaml"))
	if err != nil {
		return "", err
	}
	given, err := readYaml(valuesFile)
	if err != nil {
		return "", err
	}
	about, err := readYaml(filepath.Join(chart, "Chart.yaml"))
	if err != nil {
		return "", err
	}
	context := map[string]interface{}{
		"Values":  merge(values, given),
		"Chart":   map[string]interface{}{"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
		"Release": map[string]interface{}{"Name": "release", "Namespace": "chat", "Service": "Helm"},
		"Files":   files{chart},
	}

	paths, err := templatesOf(chart)
	if err != nil {
		return "", err
	}
	root := template.New("").Option("missingkey=zero")
	root.Funcs(functions(root))
	for _, path := range paths {
		text, err := os.ReadFile(filepath.Join(chart, path))
		if err != nil {
			return "", err
		}
		if _, err := root.New(path).Parse(string(text)); err != nil {
			return "", err
		}
	}

	var output strings.Builder
	for _, path := range paths {
		if strings.HasPrefix(filepath.Base(path), "_") {
			continue
		}
		var text bytes.Buffer
		if err := root.ExecuteTemplate(&text, path, context); err != nil {
			return "", err
		}
		// Helm prints `<no value>` as nothing.
		body := strings.TrimSpace(strings.ReplaceAll(text.String(), "<no value>", ""))
		if body != "" {
			fmt.Fprintf(&output, "---\n# Source: %s\n%s\n", path, body)
		}
	}
	return output.String(), nil
}

// functions are sprig's and Helm's.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["include"] = func(name string, data interface{}) (string, error) {
		var text strings.Builder
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	all["required"] = func(words string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, fmt.Errorf("%s", words)
		}
		return value, nil
	}
	return all
}

func templatesOf(chart string) ([]string, error) {
	var paths []string
	err := filepath.Walk(filepath.Join(chart, "templates"), func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			name, _ := filepath.Rel(chart, path)
			paths = append(paths, name)
		}
		return err
	})
	sort.Strings(paths)
	return paths, err
}

func readYaml(path string) (map[string]interface{}, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var data map[string]interface{}
	return data, yaml.Unmarshal(text, &data)
}

// merge lays one tree over another, as values files are.
func merge(below map[string]interface{}, above map[string]interface{}) map[string]interface{} {
	for name, value := range above {
		inner, isMap := value.(map[string]interface{})
		outer, wasMap := below[name].(map[string]interface{})
		if isMap && wasMap {
			below[name] = merge(outer, inner)
		} else {
			below[name] = value
		}
	}
	return below
}
