{{/* Names and labels that several templates share. */}}

{{- define "kaitoflow.name" -}}
{{- if contains "kaitoflow" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-kaitoflow" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "kaitoflow.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/name: kaitoflow
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What finds the pods of a component: (list . "control") */}}
{{- define "kaitoflow.selector" -}}
app.kubernetes.io/name: kaitoflow
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Who this installation is, for a process of it. */}}
{{- define "kaitoflow.installation" -}}
- {name: KAITOFLOW_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
- {name: KAITOFLOW_INSTALLATION, value: {{ .Values.nodes.installation | quote }}}
{{- with .Values.watchNamespaces }}
- {name: KAITOFLOW_WATCH_NAMESPACES, value: {{ join "," . | quote }}}
{{- end }}
{{- end }}

{{/* Finds the namespaces whose Workspaces are this installation's; empty where all are. */}}
{{- define "kaitoflow.namespaceSelector" -}}
{{- with .Values.watchNamespaces }}
matchExpressions:
  - {key: kubernetes.io/metadata.name, operator: In, values: {{ toJson . }}}
{{- end }}
{{- end }}

{{/* An image of ours: (list . "control") */}}
{{- define "kaitoflow.image" -}}
{{- $root := index . 0 }}
{{- $registry := required "images.registry must say where helm/images/build pushed the images, e.g. --set images.registry=registry.example/kaitoflow" $root.Values.images.registry }}
{{- printf "%s/kaitoflow-%s:%s" $registry (index . 1) (default $root.Chart.AppVersion $root.Values.images.tag) }}
{{- end }}

{{- define "kaitoflow.pullSecrets" -}}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "kaitoflow.temporal" -}}
{{- if and .Values.temporal.address .Values.temporal.bundled.enabled }}
{{- fail "temporal.address and temporal.bundled.enabled exclude each other: name a server, or have one brought for a trial" }}
{{- else if .Values.temporal.bundled.enabled }}
{{- printf "%s-temporal.%s.svc:7233" (include "kaitoflow.name" .) .Release.Namespace }}
{{- else }}
{{- required "temporal.address must say where runs are kept, e.g. --set temporal.address=temporal.example:7233; for a trial: --set temporal.bundled.enabled=true" .Values.temporal.address }}
{{- end }}
{{- end }}

{{/* Where tuners are let in to Temporal, as pods reach it. */}}
{{- define "kaitoflow.gateway" -}}
{{- printf "%s:7243" (default (printf "%s-gateway.%s.svc" (include "kaitoflow.name" .) .Release.Namespace) .Values.gateway.clusterIP) }}
{{- end }}

{{/* What the control plane is told of the AKS cluster that gets agent pools. */}}
{{- define "kaitoflow.azure" -}}
{{- if eq .Values.nodes.provisioner "azure" }}
{{- $azure := .Values.nodes.azure }}
- {name: KAITOFLOW_AZURE_SUBSCRIPTION, value: {{ required "nodes.azure.subscription must be set where nodes.provisioner is azure" $azure.subscription | quote }}}
- {name: KAITOFLOW_AZURE_RESOURCE_GROUP, value: {{ required "nodes.azure.resourceGroup must be set where nodes.provisioner is azure" $azure.resourceGroup | quote }}}
- {name: KAITOFLOW_AZURE_CLUSTER, value: {{ required "nodes.azure.cluster must be set where nodes.provisioner is azure" $azure.cluster | quote }}}
- {name: KAITOFLOW_AZURE_DISK, value: {{ $azure.disk }}}
- {name: KAITOFLOW_AZURE_GPU_DRIVER, value: {{ $azure.gpuDriver }}}
{{- with $azure.subnet }}
- {name: KAITOFLOW_AZURE_SUBNET, value: {{ . | quote }}}
{{- end }}
{{- if $azure.clientSecret }}
- {name: AZURE_TENANT_ID, value: {{ required "nodes.azure.tenant must be set beside nodes.azure.clientSecret" $azure.tenant | quote }}}
- {name: AZURE_CLIENT_ID, value: {{ required "nodes.azure.client must be set beside nodes.azure.clientSecret" $azure.client | quote }}}
- {name: KAITOFLOW_AZURE_CLIENT_SECRET_FILE, value: /azure/password}
{{- end }}
{{- end }}
{{- end }}

{{/* Prices and machines of the installation's own, as the control plane reads them; empty where there are none. */}}
{{- define "kaitoflow.catalogue" -}}
{{- if or .Values.catalogue.gpus .Values.catalogue.skus }}
{{- toYaml .Values.catalogue }}
{{- end }}
{{- end }}

{{/* Every pod of ours passes the profile "restricted". */}}
{{- define "kaitoflow.podSecurity" -}}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "kaitoflow.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* Where pods of ours run: on machines that their images are made for, and as the installation says of the control plane. */}}
{{- define "kaitoflow.placement" -}}
nodeSelector: {{- toYaml (merge (dict) .Values.control.nodeSelector (dict "kubernetes.io/arch" "amd64" "kubernetes.io/os" "linux")) | nindent 2 }}
{{- with .Values.control.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The same of pods in the Workspaces' namespaces, as the control plane reads it; empty where nothing is said of them. */}}
{{- define "kaitoflow.runtimePlacement" -}}
{{- $runtime := .Values.runtime }}
{{- if or $runtime.nodeSelector $runtime.tolerations $runtime.priorityClassName }}
{{- dict "nodeSelector" $runtime.nodeSelector "tolerations" $runtime.tolerations "priorityClassName" $runtime.priorityClassName | toJson }}
{{- end }}
{{- end }}

{{/* Runs a main class of the control plane's image: a Java process without an archive. */}}
{{- define "kaitoflow.java" -}}
command: [java, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, --enable-native-access=ALL-UNNAMED, -cp, "@/app/jib-classpath-file"]
{{- end }}

{{/* The Secret that lets the control plane in at Temporal; empty where everybody is let in. */}}
{{- define "kaitoflow.temporalAccess" -}}
{{- if and (or .Values.temporal.accessSecret .Values.temporal.tls.enabled) (not .Values.gateway.enabled) }}
{{- fail "temporal.tls.enabled and temporal.accessSecret need gateway.enabled: tuners are given nothing that opens Temporal itself" }}
{{- else if and (or .Values.temporal.accessSecret .Values.temporal.tls.enabled) .Values.temporal.bundled.enabled }}
{{- fail "temporal.tls.enabled and temporal.accessSecret are for the server of temporal.address; the bundled one asks nobody who comes" }}
{{- end }}
{{- .Values.temporal.accessSecret }}
{{- end }}
