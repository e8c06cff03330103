# Shared by .ci/release, .ci/dry-run and .ci/reproducible: which artifacts are published, and what each must have.

# The modules that are published, for -pl: the parent and all that do not opt out.
published_modules() {
  local module modules=.
  for module in $(sed -n '1,/<\/modules>/s:.*<module>\(.*\)</module>.*:\1:p' pom.xml); do
    if ! grep -qF '<maven.deploy.skip>true' "$module/pom.xml"; then
      modules+=,$module
    fi
  done
  echo "$modules"
}

# deploy_into FOLDER ARGUMENT...: builds the published artifacts and puts them into a folder.
deploy_into() {
  local folder=$1
  shift
  mvn -B -q -Prelease -DskipTests -Djacoco.skip -Dspotless.check.skip -pl "$(published_modules)" \
    -DaltDeploymentRepository="local::file://$folder" "$@" deploy
}

# check_artifacts FOLDER: what Maven Central asks of each artifact, and a list of its parts.
check_artifacts() {
  local pom base artifact problems=0
  for pom in $(find "$1" -name '*.pom'); do
    base=${pom%.pom}
    artifact=$(basename "$(dirname "$(dirname "$pom")")")
    for element in name description; do
      grep -q "<$element>" "$pom" || { echo "$artifact: its POM has no $element" >&2; problems=1; }
    done
    [ -f "$base-cyclonedx.json" ] || { echo "$artifact: no bill of materials" >&2; problems=1; }
    if ! grep -q '<packaging>pom</packaging>' "$pom"; then
      for suffix in .jar -sources.jar -javadoc.jar; do
        [ -f "$base$suffix" ] || { echo "$artifact: no ${suffix#-}" >&2; problems=1; }
      done
      grep -qF "<artifactId>$artifact</artifactId>" sdk-bom/pom.xml ||
        { echo "$artifact: not in sdk-bom/pom.xml" >&2; problems=1; }
    fi
  done
  # Every POM inherits these from the parent.
  for element in url licenses organization developers scm; do
    grep -q "<$element" pom.xml || { echo "pom.xml has no $element" >&2; problems=1; }
  done
  [ "$(find "$1" -name '*.pom' | wc -l)" -ge 4 ] || { echo "$1 holds too few artifacts" >&2; problems=1; }
  return $problems
}
