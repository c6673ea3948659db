#!/usr/bin/env bash
# Runs GitHub Actions jobs, each on a runner that is made for it and gone after it.
#
#   ephemeral-runner.sh once|loop
#
# Run it as root (docs/runners.md); each job runs as an ordinary user, in a process namespace and a
# folder of its own. When it ends, its processes are killed and its folder is removed. Root's token
# asks GitHub for the right to run one job; the job never sees it.
#
#   SLIMGATE_REPOSITORY  owner/name of the suite
#   SLIMGATE_KIND        kind of runner: the label is slimgate-KIND
#   SLIMGATE_TOKEN_FILE  file that only root can read: a token with administration: write
#   SLIMGATE_RUNNER      actions-runner-linux-….tar.gz, whose hash you have checked
#   SLIMGATE_USER        the ordinary user [slimgate-runner]
#   SLIMGATE_STORE       folder of the store, which outlives jobs [SLIMGATE_STATE/store]
#   SLIMGATE_STATE       folder of the jobs [/var/lib/slimgate]
#   SLIMGATE_DATA        folder with the data sets, read only
#   SLIMGATE_RUNTIMES    folder of installed runtimes, read only; without it each job installs its own
#   SLIMGATE_RUNTIME     runtime to measure in [the one that the manifest names for the kind]
#   SLIMGATE_GROUP       runner group's number [1, the default group]
#   SLIMGATE_API         address of GitHub's API [https://api.github.com]
set -euo pipefail

state=${SLIMGATE_STATE:-/var/lib/slimgate}
user=${SLIMGATE_USER:-slimgate-runner}
store=${SLIMGATE_STORE:-$state/store}
group=slimgate-runner

fail() {
  echo "ephemeral-runner: $1" >&2
  exit 2
}

usage() {
  sed --quiet '2,/^set -/{/^set -/d;s/^# \{0,1\}//p}' "$0"
}

check_settings() {
  local name missing=()
  for name in SLIMGATE_REPOSITORY SLIMGATE_KIND SLIMGATE_TOKEN_FILE SLIMGATE_RUNNER; do
    [[ -n ${!name:-} ]] || missing+=("$name")
  done
  [[ ${#missing[@]} == 0 ]] || fail "not set: ${missing[*]}; see ephemeral-runner.sh --help"
  [[ $SLIMGATE_REPOSITORY =~ ^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$ ]] \
    || fail "SLIMGATE_REPOSITORY is $SLIMGATE_REPOSITORY: write owner/name"
  [[ $SLIMGATE_KIND =~ ^[a-z0-9][a-z0-9-]*$ ]] \
    || fail "SLIMGATE_KIND is $SLIMGATE_KIND: use small letters, digits and hyphens"
  [[ $(id --user) == 0 ]] || fail "run it as root: it hands jobs to the user $user"
  id "$user" > /dev/null 2>&1 || fail "no user $user: useradd --system --create-home $user"
  gzip --test "$SLIMGATE_RUNNER" || fail "no whole archive $SLIMGATE_RUNNER: fetch actions/runner"
  [[ -z ${SLIMGATE_DATA:-} || -d $SLIMGATE_DATA ]] || fail "no folder $SLIMGATE_DATA"
  [[ -z ${SLIMGATE_RUNTIMES:-} || -d $SLIMGATE_RUNTIMES ]] || fail "no folder $SLIMGATE_RUNTIMES"
  [[ -r $SLIMGATE_TOKEN_FILE ]] || fail "no file $SLIMGATE_TOKEN_FILE"
  [[ $(stat --format %a "$SLIMGATE_TOKEN_FILE") =~ 00$ ]] \
    || fail "others can read $SLIMGATE_TOKEN_FILE: chmod 600"
}

# The right to run one job, as GitHub encodes it. The token goes to curl by standard input.
request_jit_config() {
  local name body answer
  name=slimgate-$SLIMGATE_KIND-$(hostname)-$(date +%s%N)
  body=$(printf '{"name":"%s","runner_group_id":%d,"labels":["self-hosted","slimgate-%s"]}' \
    "$name" "${SLIMGATE_GROUP:-1}" "$SLIMGATE_KIND")
  answer=$(printf 'header = "Authorization: Bearer %s"\n' "$(< "$SLIMGATE_TOKEN_FILE")" \
    | curl --silent --show-error --config - --data "$body" \
      --header 'Accept: application/vnd.github+json' \
      "${SLIMGATE_API:-https://api.github.com}/repos/$SLIMGATE_REPOSITORY/actions/runners/generate-jitconfig") \
    || fail "GitHub was not reached"
  sed --quiet 's/.*"encoded_jit_config": *"\([^"]*\)".*/\1/p' <<< "$answer" | grep . \
    || fail "GitHub gave no right to run a job in $SLIMGATE_REPOSITORY: ${answer:0:300}; check the token"
}

# Control groups in which the job's user may make others, and this shell in one of them.
enter_groups() {
  local tree
  if [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
    tree=/sys/fs/cgroup/$group
    mkdir --parents "$tree/runner" \
      && echo "$BASHPID" > "$tree/runner/cgroup.procs" \
      && echo '+memory +pids' > "$tree/cgroup.subtree_control" \
      && chown "$user" "$tree" "$tree/cgroup.procs" "$tree/cgroup.subtree_control" \
        "$tree/runner" "$tree/runner/cgroup.procs"
    return
  fi
  for tree in /sys/fs/cgroup/{memory,pids}/$group; do
    mkdir --parents "$tree" \
      && echo "$BASHPID" > "$tree/cgroup.procs" \
      && chown "$user" "$tree" "$tree/cgroup.procs" \
      || return
  done
}

# Runs in namespaces of its own for mounts, processes and shared memory: what was in the folders for
# everybody's files is not seen, and what the job leaves there is gone with it.
# shellcheck disable=SC2016  # the inner shells expand it
inner='
  for folder in /tmp /var/tmp /dev/shm; do mount -t tmpfs -o mode=1777,nosuid,nodev none $folder; done
  exec setpriv --reuid "$0" --regid "$1" --init-groups --no-new-privs --pdeathsig KILL \
    bash -c "jit=\$JIT; unset JIT; exec ./run.sh --jitconfig \"\$jit\""
'

# The folders of jobs whose keeper was killed; a job and its keeper hold a lock on their folder.
remove_leftovers() {
  local folder
  for folder in "$state"/jobs/*/; do
    [[ ! -d $folder ]] || flock --nonblock "$folder" rm --recursive --force "$folder" || true
  done
}

run_one() {
  local place jit code=0
  install --directory --mode 711 "$state" "$state/jobs" || return
  install --directory --owner "$user" --mode 700 "$store" || return
  remove_leftovers
  place=$(mktemp --directory "$state/jobs/XXXXXX") || return
  exec 9< "$place" && flock --nonblock 9 || return
  {
    mkdir "$place/home" "$place/tmp" \
      && tar --extract --gzip --file "$SLIMGATE_RUNNER" --directory "$place" \
      && chown --recursive "$user" "$place" \
      && jit=$(request_jit_config) \
      && (
        enter_groups && cd "$place" || exit 125
        exec setpriv --pdeathsig KILL env --ignore-environment \
          PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME="$place/home" TMPDIR="$place/tmp" \
          SLIMGATE_STORE="$store" SLIMGATE_DATA="${SLIMGATE_DATA:-}" JIT="$jit" \
          SLIMGATE_RUNTIMES="${SLIMGATE_RUNTIMES:-}" SLIMGATE_RUNTIME="${SLIMGATE_RUNTIME:-}" \
          unshare --mount --ipc --pid --fork --kill-child --mount-proc \
          sh -e -c "$inner" "$user" "$(id --group "$user")"
      )
  } || code=$?
  rm --recursive --force "$place"
  return "$code"
}

case ${1:-} in
  once) check_settings && run_one ;;
  loop)
    check_settings
    while true; do run_one || sleep 10; done
    ;;
  --help) usage ;;
  *) fail "say once or loop; see ephemeral-runner.sh --help" ;;
esac
