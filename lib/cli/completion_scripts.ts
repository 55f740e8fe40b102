/**
 * The script with which each shell asks `ondacast` what may follow. The program
 * prints a candidate a line, and exits with 1 where the shell should complete
 * names of files.
 *
 * @module
 */

/** The scripts, by shell. */
export const COMPLETION_SCRIPTS = {
  // bash leaves quotes to the program; see bash_line.ts.
  bash: `_ondacast() {
  local found line
  COMPREPLY=()
  found=$(ondacast complete --bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null) ||
    { compopt -o default 2>/dev/null; return; }
  while IFS= read -r line; do
    [[ $line ]] && COMPREPLY+=("$line")
  done <<<"$found"
  if [[ \${#COMPREPLY[@]} -eq 1 && $COMPREPLY == *[:/=] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}
complete -F _ondacast ondacast
`,
  zsh: `#compdef ondacast
_ondacast() {
  local found last=$PREFIX
  case $compstate[quoting] in
    single) last="'$PREFIX'" ;;
    double) last="\\"$PREFIX\\"" ;;
  esac
  found=$(ondacast complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)last}" 2>/dev/null) ||
    { _files; return }
  [[ -n $found ]] || return 1
  local -a whole=("\${(@f)found}") match=(-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}')
  local -a open=("\${(@M)whole:#*[:/=]}")
  whole=("\${(@)whole:#*[:/=]}")
  compadd $match -a whole
  compadd $match -S '' -a open
}
if [[ "\${funcstack[1]}" = _ondacast ]]; then _ondacast "$@"; else compdef _ondacast ondacast; fi
`,
  fish: `function __ondacast
  set -l before (commandline -opc)
  set -e before[1]
  set -l raw (commandline -ct)
  set -l last (string unescape -- "$raw"; or string unescape -- "$raw"'"'; or string unescape -- "$raw'")
  set -l found (ondacast complete -- $before "$last" 2>/dev/null)
  or begin
    __fish_complete_path (commandline -ct)
    return
  end
  printf '%s\\n' $found
end
complete -c ondacast -f -a '(__ondacast)'
`,
  powershell:
    `Register-ArgumentCompleter -Native -CommandName ondacast -ScriptBlock {
  param($last, $line, $cursor)
  $words = @($line.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.StartOffset -lt $cursor })
  $texts = @($words | ForEach-Object { if ($null -ne $_.Value) { $_.Value } else { $_.Extent.Text } })
  $before = $texts
  $last = ''
  if ($words.Count -gt 0 -and $words[-1].Extent.EndOffset -ge $cursor) {
    $last = $texts[-1]
    $before = @($texts | Select-Object -SkipLast 1)
  }
  $encoding = [Console]::OutputEncoding
  [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
  try { $found = @(ondacast complete "--last=$last" '--' @before 2>$null) }
  finally { [Console]::OutputEncoding = $encoding }
  foreach ($word in $found) {
    $quoted = if ($word -match '^[\\w./:=-]+$') { $word } else {
      "'" + ($word -replace "(['\\u2018-\\u201b])", '$1$1') + "'"
    }
    [System.Management.Automation.CompletionResult]::new($quoted, $word, 'ParameterValue', $word)
  }
}
`,
} as const;

/** A shell that has a script. */
export type Shell = keyof typeof COMPLETION_SCRIPTS;
