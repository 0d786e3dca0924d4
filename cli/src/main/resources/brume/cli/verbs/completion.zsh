#compdef brume
# Completion of brume for zsh; made by 'brume completion zsh'.
_brume() {
  local line word about
  local -a found
  for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == @files ]]; then
      compset -P @
      _files
    elif [[ -n $line ]]; then
      word=${line%%$'\t'*}
      about=${line#*$'\t'}
      found+=("${word//:/\\:}${${about:#$word}:+:$about}")
    fi
  done
  (( $#found )) && _describe brume found
}
compdef _brume brume
