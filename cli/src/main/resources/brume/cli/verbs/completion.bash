# Completion of brume for bash; made by 'brume completion bash'.
_brume() {
  local line files='' IFS=$'\n'
  COMPREPLY=()
  local current=${COMP_WORDS[COMP_CWORD]}
  for line in $("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    if [ "$line" = '@files' ]; then
      files=1
    else
      COMPREPLY+=("$(printf '%q' "${line%%$'\t'*}")")
    fi
  done
  if [ -n "$files" ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen -P '@' -f -- "${current#@}"))
  fi
}
complete -F _brume brume ./brume
