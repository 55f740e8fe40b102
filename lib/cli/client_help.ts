/**
 * Notes and examples that `--help` shows after the options of each command of
 * `ondacast`.
 *
 * @module
 */

/** The text that follows a command's options; may be empty. */
export function helpOf(command: string): string {
  return HELP[command] ?? "";
}

const HELP: Record<string, string> = {
  ondacast: `
Examples:
  ondacast list
  ondacast play "ode to joy"
  ondacast play --server pi.local canon
  ondacast cast canon --to kitchen "living room"
  ondacast stream 192.0.2.7:4041`,
  play: `
In a terminal: space pauses, left/right 10 s, up/down volume, n next, q quits.

Examples:
  ondacast play
  ondacast play "ode to joy" canon
  ondacast play greensleeves --from 0:03
  ondacast play --all --shuffle --gain album
  ondacast play "album:The Goldberg Variations" artist:Bach live/
  ondacast play --all bach "string quartet"
  ondacast play canon --player stdout | sox -t raw -r 44100 -e signed -b 16 -c 2 - canon.flac`,
  list: `
Examples:
  ondacast list
  ondacast list bach
  ondacast list "album:The Goldberg Variations"
  ondacast list --json | jq -r '.[].name'`,
  albums: `
Examples:
  ondacast albums
  ondacast albums bach
  ondacast albums --json | jq -r '.[] | .key + " " + .album'`,
  artists: `
Examples:
  ondacast artists
  ondacast play artist:Bach`,
  playlists: `
They are the .m3u and .m3u8 files in the server's music folder.

Examples:
  ondacast playlists
  ondacast play playlist:party`,
  upload: `
Examples:
  ondacast upload song.mp3
  ondacast upload ~/Music/live
  ondacast upload song.flac --as "live/first song"
  arecord -d 60 -f cd - | ondacast upload - --as "live/take 1"`,
  remove: `
In a terminal it asks first. The server keeps removed songs for 30 days, unless
it was started with another --keep-removed.

Examples:
  ondacast remove "live/old take.wav"
  ondacast remove live/`,
  restore: `
Examples:
  ondacast restore "live/old take.wav"`,
  rename: `
The song keeps its ending, and plays on where it plays. Other songs keep their
names: nothing is overwritten.

Examples:
  ondacast rename "take 7" "live/first song"`,
  receive: `
It waits for a server that is away, and restarts a player that fails after 5 s.
In a terminal q ends it; SIGTERM ends it with 0, so that it can be a service.
--player auto takes pacat where a sound server answers, then mpv, aplay, ffplay.
In a group of several devices, it resamples songs to one layout of its player.

Examples:
  ondacast receive --name kitchen --shown-as speaker
  ondacast receive --server pi.local --player aplay --json`,
  cast: `
Devices become available with \`ondacast receive\`; \`ondacast groups\` lists them.
Several play in step, as one group, until \`ondacast ungroup\`. What the devices
have played before is replaced, unless --next or --end adds to it. It watches for
five seconds whether all of them play. Ctrl-C ends only the watch.

Examples:
  ondacast cast "ode to joy" --to kitchen
  ondacast cast "album:The Goldberg Variations" --to kitchen "living room"
  ondacast cast canon --to all --next
  ondacast cast artist:Bach --to kitchen --shuffle --repeat all
  ondacast cast canon --to 192.0.2.7:50312 --from 1:30`,
  send: `
Others play it as live/NAME, wherever songs are named: play, cast, queue. It ends
with its source, or by Ctrl-C.

Examples:
  ondacast send mic --as turntable --to kitchen
  ondacast send system --to "living room"
  ondacast send mic:alsa_input.usb-0
  ondacast send https://radio.example/stream.mp3 --as radio
  arecord -f dat | ondacast send - --as studio
  mpg123 -s -r 48000 song.mp3 | ondacast send - --format s16le:48000:2`,
  queue: `
In a terminal and in scripts, the numbers are those of the list.

Examples:
  ondacast queue
  ondacast queue add "ode to joy" --next
  ondacast queue add album:Messiah --to kitchen
  ondacast queue move 5 --before 2
  ondacast queue remove 3-7
  ondacast queue clear
  ondacast queue --json | jq -r '.[].title'`,
  next: `
Examples:
  ondacast next
  ondacast next --to kitchen`,
  previous: `
Later than 3 seconds in a song, it plays from its start.

Examples:
  ondacast previous --to kitchen`,
  jump: `
Examples:
  ondacast queue
  ondacast jump 4`,
  repeat: `
Examples:
  ondacast repeat all
  ondacast repeat off --to kitchen`,
  shuffle: `
Examples:
  ondacast shuffle on
  ondacast shuffle off --to kitchen`,
  mute: `
Examples:
  ondacast mute --to bath`,
  unmute: `
Examples:
  ondacast unmute --to all`,
  delay: `
For speakers that sound late, such as those of a television or by Bluetooth: a
device that is 80 ms late is fed 80 ms earlier.

Examples:
  ondacast delay 80 --to television
  ondacast delay 0 --to television`,
  group: `
The others join the first one, and play what it plays.

Examples:
  ondacast group kitchen "living room"
  ondacast group kitchen "living room" hall --as Downstairs`,
  ungroup: `
Each device gets its own queue back, stopped.

Examples:
  ondacast ungroup bath
  ondacast ungroup all`,
  move: `
The queue goes on at the same place; the devices before fall silent.

Examples:
  ondacast move --to bedroom
  ondacast move --from kitchen --to bedroom bath`,
  groups: `
Examples:
  ondacast groups
  ondacast groups --json | jq -r '.[] | .name + ": " + .state'`,
  seek: `
Examples:
  ondacast seek 1:30
  ondacast seek -10 --to kitchen`,
  volume: `
A group of several keeps the ratios of its devices, if all of them are named.

Examples:
  ondacast volume 40 --to kitchen
  ondacast volume +10 --to kitchen
  ondacast volume -10 --to all`,
  online: `
In a terminal it shows changes as they come, until q is pressed.

Examples:
  ondacast online
  ondacast online --json | jq -r '.[] | select(.receiving).name'
  ondacast online --json --follow | while read -r clients; do ...; done`,
  cache: `
Examples:
  ondacast cache list
  ondacast cache verify
  ondacast cache clear --cache-dir /media/disk/ondacast`,
  stream: `
Examples:
  ondacast stream
  ondacast stream pi.local --player aplay
  ondacast stream 192.0.2.7:5000 --player file:radio.wav`,
  servers: `
Examples:
  ondacast servers
  ondacast servers --json | jq -r '.[] | .name + " " + .host'`,
  nodes: `
Servers are one if they were started with --cluster.

Examples:
  ondacast nodes
  ondacast nodes --json | jq -r '.[] | select(.state == "dead").node'`,
  use: `
It meets the server, asks for what it wants, and keeps its id, address and
certificate. When the server has moved, it is looked up by its id; no other is
taken in its place.

Examples:
  ondacast use "Living room"
  ondacast use pi.local
  ondacast use auto`,
  install: `
A receiver on a machine with a sound server becomes a service of the user, which
starts with the machine, not at login (on Linux). Everything else becomes a
service of the system. Installing again replaces it. A token goes into a file
that only its owner can read.

Examples:
  ondacast install receive --name Kitchen
  sudo ondacast install server --music /srv/music --token-file token.txt
  ondacast install receive --name Bath --print`,
  completion: `
Songs, albums and devices are those of the server that \`use\` remembers.

Examples:
  ondacast completion bash > ~/.local/share/bash-completion/completions/ondacast
  ondacast completion zsh > ~/.zfunc/_ondacast
  ondacast completion fish > ~/.config/fish/completions/ondacast.fish
  ondacast completion powershell >> $PROFILE`,
  uninstall: `
Examples:
  ondacast uninstall receive`,
  trust: `
A server without a public certificate is trusted when it is first met.

Examples:
  ondacast trust
  ondacast trust --forget pi.local`,
  status: `
Where no service is installed it is \`ondacast online\`, but for --json.

Examples:
  ondacast status
  ondacast status --json`,
  pause: `
Examples:
  ondacast pause
  ondacast pause --to kitchen`,
  resume: `
Examples:
  ondacast resume
  ondacast resume --to kitchen`,
  stop: `
Examples:
  ondacast stop
  ondacast stop --to kitchen`,
};
