-- Ondacast in Wireshark and tshark: sessions (TCP 4040) and the plain stream
-- (TCP 4041), frame by frame. How to install and use it: wireshark.md.
--
-- Messages are reassembled over TCP segments. Data frames are not, so that a
-- long one costs nothing: its header is shown where it arrives, and its bytes are
-- counted in the segments that follow. The position in each direction is tracked
-- by TCP's sequence numbers, which reveals lost and repeated segments. The content
-- of a segment is computed once, in order, and recorded; later views of the packet
-- use the record.

local HEADER_BYTES = 4
local MAX_MESSAGE_BYTES = 1048576
local MAX_SESSION_DATA_BYTES = 1048576
local DATA, MESSAGE = 0, 1

local session = Proto("ondacast", "Ondacast session")
local plain = Proto("ondacast_plain", "Ondacast plain stream")

session.prefs.session_port =
  Pref.uint("Session port", 4040, "TCP port of sessions; 0 for none")
session.prefs.stream_port =
  Pref.uint("Plain stream port", 4041, "TCP port of the plain stream; 0 for none")

-- Fields and expert infos ----------------------------------------------------

local field = {
  frame_type = ProtoField.uint8("ondacast.frame.type", "Frame type", base.DEC,
    { [DATA] = "data", [MESSAGE] = "message" }),
  frame_length = ProtoField.uint32("ondacast.frame.length", "Payload length"),
  data_length = ProtoField.uint32("ondacast.data.length", "Data frame length"),
  data_piece = ProtoField.uint32("ondacast.data.piece", "Data bytes here"),
  data_begin = ProtoField.framenum("ondacast.data.begin", "Data frame began in"),
  credit = ProtoField.double("ondacast.credit", "Credit left after it"),
  complete = ProtoField.bool("ondacast.complete", "Stream complete"),
  total_bytes = ProtoField.uint64("ondacast.stream_bytes", "Bytes of the stream"),
  rows = ProtoField.uint32("ondacast.rows", "Rows"),
}

-- Members of messages by their JSON names: the kind of value, and its title.
local MEMBERS = {
  type = { "string", "Message type" },
  id = { "string", "Request id" },
  re = { "string", "Answer to" },
  version = { "uint64", "Version" },
  name = { "string", "Name" },
  device = { "string", "Device" },
  window = { "uint64", "Window" },
  receive = { "bool", "Receives" },
  features = { "string", "Feature" },
  match = { "string", "Search text" },
  album = { "string", "Album" },
  artist = { "string", "Artist" },
  genre = { "string", "Genre" },
  folder = { "string", "Folder" },
  selection = { "string", "Selection" },
  sort = { "string", "Sort" },
  next = { "string", "Next page" },
  after = { "string", "After" },
  limit = { "uint64", "Limit" },
  song = { "string", "Song" },
  from = { "double", "From (s)" },
  offset = { "uint64", "Offset in the file" },
  etag = { "string", "ETag" },
  stream = { "uint64", "Stream" },
  bytes = { "uint64", "Bytes" },
  sha256 = { "string", "SHA-256" },
  replace = { "bool", "Replace" },
  on = { "bool", "On" },
  to = { "string", "To" },
  action = { "string", "Action" },
  value = { "double", "Value" },
  position = { "double", "Position (s)" },
  playing = { "bool", "Playing" },
  volume = { "double", "Volume" },
  underruns = { "uint64", "Underruns" },
  problem = { "string", "Problem" },
  watch = { "bool", "Watch" },
  time = { "double", "Time (µs)" },
  received = { "double", "Received (µs)" },
  sent = { "double", "Sent (µs)" },
  you = { "string", "Your address" },
  key = { "string", "Key" },
  server = { "string", "Server" },
  clock = { "string", "Clock" },
  total = { "uint64", "Total" },
  more = { "bool", "More" },
  by = { "string", "Cast by" },
  at = { "double", "At (µs)" },
  reason = { "string", "Reason" },
  code = { "string", "Error code" },
  message = { "string", "Error message" },
  fatal = { "bool", "Fatal" },
  ["format.encoding"] = { "string", "Encoding" },
  ["format.rate"] = { "uint64", "Sample rate" },
  ["format.channels"] = { "uint64", "Channels" },
  ["format.bits"] = { "uint64", "Bits" },
  ["format.validBits"] = { "uint64", "Valid bits" },
  ["format.dataOffset"] = { "uint64", "Data offset" },
  ["format.dataBytes"] = { "uint64", "Data bytes" },
}
local member_field = {}
local all_fields = {}
for _, made in pairs(field) do table.insert(all_fields, made) end
for name, member in pairs(MEMBERS) do
  member_field[name] = ProtoField[member[1]]("ondacast." .. name, member[2])
  table.insert(all_fields, member_field[name])
end
session.fields = all_fields

local expert_info = {
  error_message = ProtoExpert.new("ondacast.expert.error", "Error message",
    expert.group.RESPONSE_CODE, expert.severity.WARN),
  fatal_error = ProtoExpert.new("ondacast.expert.fatal", "Fatal error message",
    expert.group.RESPONSE_CODE, expert.severity.ERROR),
  reserved = ProtoExpert.new("ondacast.expert.reserved", "Reserved frame type",
    expert.group.PROTOCOL, expert.severity.ERROR),
  too_long = ProtoExpert.new("ondacast.expert.too_long", "Frame longer than allowed",
    expert.group.PROTOCOL, expert.severity.ERROR),
  bad_message = ProtoExpert.new("ondacast.expert.bad_message",
    "No JSON object with a string type", expert.group.PROTOCOL, expert.severity.ERROR),
  unknown_type = ProtoExpert.new("ondacast.expert.unknown_type", "Unknown message type",
    expert.group.UNDECODED, expert.severity.NOTE),
  no_stream = ProtoExpert.new("ondacast.expert.no_stream", "Data outside any stream",
    expert.group.SEQUENCE, expert.severity.WARN),
  over_credit = ProtoExpert.new("ondacast.expert.over_credit", "Data beyond the credit",
    expert.group.PROTOCOL, expert.severity.ERROR),
  short_stream = ProtoExpert.new("ondacast.expert.short",
    "Stream complete with another length than announced",
    expert.group.SEQUENCE, expert.severity.WARN),
  lost = ProtoExpert.new("ondacast.expert.lost",
    "Not in step with the frames until the next message",
    expert.group.SEQUENCE, expert.severity.NOTE),
}
local all_experts = {}
for _, made in pairs(expert_info) do table.insert(all_experts, made) end
session.experts = all_experts

-- Members that the info column shows after a message's type.
local SUMMARY = {
  hello = { "name" }, welcome = { "you" }, list = { "match" }, songs = { "rows" },
  play = { "song" }, start = { "stream", "song" }, ["end"] = { "stream" },
  stop = { "stream" }, stopped = { "stream", "reason", "code" }, grant = { "bytes" },
  upload = { "song" }, ready = { "window" }, stored = { "song" }, receive = { "on" },
  receiving = { "on" }, cast = { "song", "to" }, casting = { "to" },
  control = { "action", "value" }, controlled = {}, state = { "stream", "position" },
  online = { "rows" }, albums = { "match", "rows" }, artists = { "match", "rows" },
  playlists = { "rows" }, remove = { "song" }, removed = { "song" },
  restore = { "song" }, restored = { "song" }, ping = {}, pong = {}, bye = {}, error = { "code" },
}

-- JSON -----------------------------------------------------------------------

local function utf8_bytes(code)
  if code < 0x80 then return string.char(code) end
  local tail = ""
  local limit, lead = 0x40, 0x80
  repeat
    tail = string.char(0x80 + code % 0x40) .. tail
    code = math.floor(code / 0x40)
    limit, lead = limit / 2, math.floor(lead / 2) + 0x80
  until code < limit
  return string.char(lead + code) .. tail
end

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function unescaped(text)
  return (text:gsub("\\\\", "\\u005c")
    :gsub("\\([^u])", function(letter) return ESCAPES[letter] or letter end)
    :gsub("\\u([dD][89abAB]%x%x)\\u([dD][c-fC-F]%x%x)", function(high, low)
      return utf8_bytes(0x10000 + (tonumber(high, 16) - 0xD800) * 0x400
        + tonumber(low, 16) - 0xDC00)
    end)
    :gsub("\\u(%x%x%x%x)", function(hex) return utf8_bytes(tonumber(hex, 16)) end))
end

-- The end of the string that begins at a position, or nil.
local function string_end(text, at)
  while true do
    at = text:find('["\\]', at + 1)
    if not at or text:sub(at, at) == '"' then return at end
    at = at + 1
  end
end

-- The end of the object or array that begins at a position, or nil.
local function nested_end(text, at)
  local depth = 0
  while at do
    local mark = text:sub(at, at)
    if mark == '"' then
      at = string_end(text, at)
      if not at then return nil end
    else
      depth = depth + ((mark == "{" or mark == "[") and 1 or -1)
      if depth == 0 then return at end
    end
    at = text:find('["{}%[%]]', at + 1)
  end
end

-- The end of the value at a position, its kind, and the value: for objects and
-- arrays, the position where they begin. Nil if there is no value.
local function value_at(text, at)
  local mark = text:sub(at, at)
  if mark == '"' then
    local last = string_end(text, at)
    return last, "string", last and unescaped(text:sub(at + 1, last - 1))
  elseif mark == "{" or mark == "[" then
    return nested_end(text, at), mark == "{" and "object" or "array", at
  end
  local word = text:match("^[%w+.-]+", at)
  if not word then return nil end
  local last = at + #word - 1
  if word == "true" or word == "false" then return last, "bool", word == "true" end
  if word == "null" then return last, "null" end
  local number = tonumber(word)
  return number and last, "number", number
end

-- Visits the members of the object, or the elements of the array, that begins at
-- a position: visit(value, kind, first, last, name). True if it is complete.
local function each_member(text, at, visit)
  local is_object = text:sub(at, at) == "{"
  local closing = is_object and "}" or "]"
  at = text:match("^%s*()", at + 1)
  if text:sub(at, at) == closing then return true end
  while true do
    local first, name = at, nil
    if is_object then
      local name_end = text:sub(at, at) == '"' and string_end(text, at)
      if not name_end then return false end
      name = unescaped(text:sub(at + 1, name_end - 1))
      at = text:match("^%s*:%s*()", name_end + 1)
      if not at then return false end
    end
    local last, kind, value = value_at(text, at)
    if not last then return false end
    visit(value, kind, first, last, name)
    local mark
    mark, at = text:match("^%s*([,%]}])%s*()", last + 1)
    if mark ~= "," then return mark == closing end
  end
end

-- Lists in answers, whose rows are counted.
local COUNTED = { songs = true, clients = true, albums = true, artists = true, playlists = true }

-- A message's members by name, and as a list with their positions; nil if it is
-- not an object with a string `type`. Names of nested members are joined by a dot.
local function parse_message(text)
  local values, members = {}, {}
  local function keep(name, value, kind, first, last)
    if values[name] == nil then values[name] = value end
    table.insert(members, { name = name, value = value, kind = kind, first = first, last = last })
  end
  local start = text:match("^%s*(){")
  if not start then return nil end
  local whole = each_member(text, start, function(value, kind, first, last, name)
    if kind == "object" then
      each_member(text, value, function(inner, inner_kind, inner_first, inner_last, inner_name)
        if inner_kind ~= "null" then
          keep(name .. "." .. inner_name, inner, inner_kind, inner_first, inner_last)
        end
      end)
    elseif kind == "array" then
      local rows = 0
      each_member(text, value, function(element, element_kind, element_first, element_last)
        rows = rows + 1
        if element_kind == "string" then
          keep(name, element, element_kind, element_first, element_last)
        end
      end)
      if COUNTED[name] then keep("rows", rows, "rows", first, last) end
    elseif kind ~= "null" then
      keep(name, value, kind, first, last)
    end
  end)
  if not whole or type(values.type) ~= "string" then return nil end
  return values, members
end

local function text_of(value)
  return type(value) == "number" and string.format("%.15g", value) or tostring(value)
end

local function summary_of(values)
  local words = { values.type }
  for _, name in ipairs(SUMMARY[values.type] or {}) do
    if values[name] ~= nil then
      table.insert(words, (name == "stream" and "#" or "") .. text_of(values[name]))
    end
  end
  return table.concat(words, " ")
end

-- The state of each direction -----------------------------------------------

local tcp_stream = Field.new("tcp.stream")
local tcp_seq = Field.new("tcp.seq")
local tcp_len = Field.new("tcp.len")
local tcp_completeness = Field.new("tcp.completeness")

local conversations = {}

function session.init() conversations = {} end

-- The last value of a field, which belongs to the innermost TCP.
local function latest(extractor)
  local infos = { extractor() }
  local info = infos[#infos]
  return info and info.value
end

-- Both directions of the packet's conversation, its own first.
local function directions(pinfo, is_plain)
  local number = latest(tcp_stream)
  local conversation = conversations[number]
  if not conversation then
    -- With neither SYN captured, the first bytes may be the middle of a frame.
    conversation = { from_its_start = (latest(tcp_completeness) or 0) % 4 > 0, ends = {} }
    conversations[number] = conversation
  end
  local function direction(address, port)
    local name = tostring(address) .. " " .. port
    if not conversation.ends[name] then
      conversation.ends[name] = {
        records = {},
        left = 0,
        unsure = not conversation.from_its_start,
        current = is_plain and { sent = 0 } or nil,
      }
    end
    return conversation.ends[name]
  end
  return direction(pinfo.src, pinfo.src_port), direction(pinfo.dst, pinfo.dst_port)
end

-- The distance between two sequence numbers, modulo 2^32.
local function distance(seq, from)
  return (seq - from + 2147483648) % 4294967296 - 2147483648
end

-- Applies a message to the streams and the credit of its connection.
local function take_message(values, own, peer)
  if values.type == "start" then
    local number = tonumber(values.stream)
    own.current = { label = "stream " .. text_of(values.stream), number = number,
      announced = tonumber(values.bytes), sent = 0 }
  elseif values.type == "upload" then
    own.current = { label = "upload", announced = tonumber(values.bytes), sent = 0 }
  elseif values.type == "stopped" then
    own.current = nil
  elseif values.type == "hello" then
    peer.credit = tonumber(values.window)
  elseif values.type == "grant" and peer.credit then
    peer.credit = peer.credit + (tonumber(values.bytes) or 0)
  end
end

-- Applies a data frame's header. Returns its description.
local function take_data(length, own, is_plain)
  local current = own.current
  local item = { length = length }
  if current then
    current.sent = current.sent + length
    item.stream, item.label = current.number, current.label
    item.total, item.announced = current.sent, current.announced
  elseif not is_plain then
    item.outside = true
  end
  if own.credit then
    own.credit = own.credit - length
    item.credit = own.credit
  end
  if length == 0 then own.current = nil end
  return item
end

-- The next position that looks like a message's header, or nil.
local function next_message(tvb, at)
  local length = tvb:captured_len() - at
  if length <= HEADER_BYTES then return nil end
  local found = tvb:raw(at, length):find('\1[\0-\16]..{"')
  return found and at + found - 1
end

local function looks_like_frame(tvb, at)
  if tvb:captured_len() - at < HEADER_BYTES then return false end
  return tvb(at, 1):uint() == DATA and tvb(at + 1, 3):uint() <= MAX_SESSION_DATA_BYTES
    or next_message(tvb, at) == at
end

-- Records --------------------------------------------------------------------

-- Locates a segment in its direction: afterwards, `own.left` and `own.lost` are
-- right for its first byte. Returns the number of its bytes that were seen before,
-- and the number that is missing before it.
local function find_place(tvb, place, own, is_plain)
  if own.next == nil then
    own.lost = own.unsure and (is_plain or not looks_like_frame(tvb, 0))
    return 0, 0
  end
  local gap = distance(place, own.next)
  if gap < 0 then return math.min(-gap, tvb:reported_len()), 0 end
  if gap > 0 and own.waits then own.overtaken = true end
  if own.left >= gap then
    own.left = own.left - gap
  else
    own.left, own.lost = 0, true
  end
  return 0, gap
end

-- Analyses a segment, or a message reassembled from several.
local function walk(tvb, pinfo, own, peer, is_plain)
  local record = { items = {} }
  local length = tvb:reported_len()
  local at = 0
  local function add(kind, bytes, item)
    item = item or {}
    item.kind, item.at, item.bytes = kind, at, bytes
    table.insert(record.items, item)
    at = at + bytes
    return item
  end

  local place
  if tvb:offset() > 0 then
    place = latest(tcp_seq) + latest(tcp_len) - length
    local before
    before, record.missing = find_place(tvb, place, own, is_plain)
    if before > 0 then add("again", before) end
  else
    -- Reassembled data has its own buffer and continues at the direction's
    -- position. If that has already passed a message which was waiting for a
    -- segment, the message is shown without being applied.
    place = own.next
    if own.overtaken then
      own.overtaken = false
      own, place = { left = 0, current = own.current }, nil
    end
  end

  while at < length do
    local here = length - at
    if own.lost then
      local found = not is_plain and next_message(tvb, at)
      if found ~= at then add("lost", (found or length) - at) end
      own.lost = not found
    elseif own.left > 0 then
      local bytes = math.min(own.left, here)
      own.left = own.left - bytes
      add("more", bytes, { frame = own.frame })
    elseif here < HEADER_BYTES and pinfo.can_desegment > 0 then
      record.wanted = HEADER_BYTES - here
      break
    elseif tvb:captured_len() - at < HEADER_BYTES then
      own.lost = true
    else
      local kind, payload = tvb(at, 1):uint(), tvb(at + 1, 3):uint()
      if is_plain then kind, payload = DATA, tvb(at, HEADER_BYTES):uint() end
      local whole = HEADER_BYTES + payload
      local bytes = math.min(whole, here)
      if kind == DATA then
        own.frame = add("data", bytes, take_data(payload, own, is_plain))
      elseif kind ~= MESSAGE then
        own.lost = true
        add("reserved", here, { type = kind, length = payload })
      elseif bytes < whole and payload <= MAX_MESSAGE_BYTES and pinfo.can_desegment > 0 then
        record.wanted = whole - bytes
        break
      else
        local payload_at = at + HEADER_BYTES
        own.frame = add("message", bytes, { length = payload })
        own.frame.is_whole = bytes == whole and tvb:captured_len() >= at
        if own.frame.is_whole then
          local values = parse_message(tvb:raw(payload_at, payload))
          if values then take_message(values, own, peer) end
        end
      end
      if not own.lost then
        own.frame.packet = pinfo.number
        own.left = whole - bytes
      end
    end
  end

  record.length = at
  if place then own.next = (place + at) % 4294967296 end
  own.waits = record.wanted ~= nil
  return record
end

-- The packet's record, made at its first dissection.
local function record_of(tvb, pinfo, is_plain)
  local own, peer = directions(pinfo, is_plain)
  local key = string.format("%d %d %d", pinfo.number, tvb:offset(), tvb:reported_len())
  local record = own.records[key]
  if not record then
    -- Segments out of order do not reveal the direction's position.
    local state = pinfo.visited and { left = 0 } or own
    record = walk(tvb, pinfo, state, peer, is_plain)
    record.is_first = own.latest_packet ~= pinfo.number
    own.latest_packet = pinfo.number
    own.records[key] = record
  end
  return record
end

-- Drawing --------------------------------------------------------------------

local json = Dissector.get("json")

local function uint64(number)
  return UInt64(number % 4294967296, math.floor(number / 4294967296))
end

local function add_member(tree, range, member)
  local made, value = member_field[member.name], member.value
  if member.kind == "rows" then
    tree:add(field.rows, range, value)
    return
  elseif not made then
    return
  end
  local wanted = MEMBERS[member.name][1]
  if wanted == "string" then
    tree:add(made, range, text_of(value))
  elseif wanted == "bool" and member.kind == "bool"
    or wanted == "double" and member.kind == "number" then
    tree:add(made, range, value)
  elseif wanted == "uint64" and member.kind == "number" and value >= 0 and value < 2 ^ 63 then
    tree:add(made, range, uint64(value))
  end
end

local function add_header(tree, tvb, item, kind)
  tree:add(field.frame_type, tvb(item.at, 1), kind)
  tree:add(field.frame_length, tvb(item.at + 1, 3), item.length)
end

local function of_stream(item)
  return item.label and " (" .. item.label .. ")" or ""
end

local function title_of(frame, is_plain)
  local kind = is_plain and "block" or frame.kind
  return string.format("%s %d%s", kind, frame.length, of_stream(frame))
end

-- The presentation of each kind of item, in the tree and in the info column.
local draw = {}

function draw.message(item, tvb, pinfo, root)
  local tree = root:add(tvb(item.at), "Message")
  tree:set_len(item.bytes)
  add_header(tree, tvb, item, MESSAGE)
  if item.length > MAX_MESSAGE_BYTES then
    tree:add_proto_expert_info(expert_info.too_long)
  end
  if not item.is_whole then return "part of message " .. item.length end
  local payload_at = item.at + HEADER_BYTES
  local values, members
  if item.length > 0 then values, members = parse_message(tvb:raw(payload_at, item.length)) end
  if not values then
    tree:add_proto_expert_info(expert_info.bad_message)
    return "bad message"
  end
  local info = summary_of(values)
  tree:set_text("Message: " .. info)
  for _, member in ipairs(members) do
    add_member(tree, tvb(payload_at + member.first - 1, member.last - member.first + 1), member)
  end
  if values.type == "error" then
    tree:add_proto_expert_info(
      values.fatal == true and expert_info.fatal_error or expert_info.error_message,
      text_of(values.code) .. ": " .. text_of(values.message))
  elseif not SUMMARY[values.type] then
    tree:add_proto_expert_info(expert_info.unknown_type)
  end
  json:call(tvb(payload_at, item.length):tvb(), pinfo, tree)
  return info
end

-- Adds the number of a frame's bytes in this packet, and those captured.
local function add_piece(tree, tvb, at, bytes)
  if bytes == 0 or at >= tvb:captured_len() then return end
  tree:add(field.data_piece, tvb(at, math.min(bytes, tvb:captured_len() - at)), bytes)
end

function draw.data(item, tvb, _, root, is_plain)
  local tree = root:add(tvb(item.at), "")
  tree:set_len(item.bytes)
  local header = tvb(item.at, HEADER_BYTES)
  if is_plain then
    tree:add(field.frame_length, header, item.length)
  else
    add_header(tree, tvb, item, DATA)
  end
  if item.stream then tree:add(member_field.stream, header, uint64(item.stream)):set_generated() end
  if item.outside then tree:add_proto_expert_info(expert_info.no_stream) end
  if item.length == 0 then
    tree:add(field.complete, header, true):set_generated()
    if item.total then tree:add(field.total_bytes, header, uint64(item.total)):set_generated() end
    if item.announced and item.announced ~= item.total then
      tree:add_proto_expert_info(expert_info.short_stream,
        string.format("Complete after %d of %d bytes", item.total, item.announced))
    end
    local info = (item.label or "stream") .. " complete"
    tree:set_text("Empty data frame: " .. info)
    return info
  end
  tree:add(field.data_length, header, item.length):set_generated()
  add_piece(tree, tvb, item.at + HEADER_BYTES, item.bytes - HEADER_BYTES)
  if item.credit then
    tree:add(field.credit, header, item.credit):set_generated()
    if item.credit < 0 then tree:add_proto_expert_info(expert_info.over_credit) end
  end
  if not is_plain and item.length > MAX_SESSION_DATA_BYTES then
    tree:add_proto_expert_info(expert_info.too_long)
  end
  tree:set_text(string.format("%s: %d bytes%s", is_plain and "Block" or "Data frame",
    item.length, of_stream(item)))
  return title_of(item, is_plain)
end

function draw.more(item, tvb, _, root, is_plain)
  local frame = item.frame
  local range = item.at < tvb:captured_len() and tvb(item.at) or tvb()
  local text = string.format("%d more of %s", item.bytes, title_of(frame, is_plain))
  local tree = root:add(range, text)
  tree:set_len(item.bytes)
  tree:add(field.data_begin, range, frame.packet):set_generated()
  if frame.kind == "data" then
    if frame.stream then
      tree:add(member_field.stream, range, uint64(frame.stream)):set_generated()
    end
    add_piece(tree, tvb, item.at, item.bytes)
  end
  return text
end

function draw.reserved(item, tvb, _, root)
  local tree = root:add(tvb(item.at), "Frame of reserved type " .. item.type)
  add_header(tree, tvb, item, item.type)
  tree:add_proto_expert_info(expert_info.reserved, "Reserved frame type " .. item.type)
  return "reserved frame type " .. item.type
end

function draw.lost(item, tvb, _, root)
  local range = item.at < tvb:captured_len() and tvb(item.at) or tvb()
  root:add(range, item.bytes .. " bytes, not in step with the frames")
    :add_proto_expert_info(expert_info.lost)
  return "not in step"
end

function draw.again(item, tvb, _, root)
  root:add(tvb(), item.bytes .. " bytes that came before"):set_len(item.bytes)
  return "seen before"
end

-- Merges equal successive texts, with their number.
local function joined(texts)
  local parts, times = {}, 0
  for i, text in ipairs(texts) do
    times = times + 1
    if text ~= texts[i + 1] then
      table.insert(parts, times > 1 and times .. " × " .. text or text)
      times = 0
    end
  end
  return table.concat(parts, ", ")
end

local function dissect(proto, tvb, pinfo, root, is_plain)
  local record = record_of(tvb, pinfo, is_plain)
  if record.wanted then
    pinfo.desegment_offset = record.length
    pinfo.desegment_len = record.wanted
  end
  if #record.items == 0 then return end
  local tree = root:add(proto, tvb())
  tree:set_len(record.length)
  if record.missing and record.missing > 0 then
    tree:append_text(string.format(", %d bytes missing before", record.missing))
  end
  local infos = {}
  for _, item in ipairs(record.items) do
    table.insert(infos, draw[item.kind](item, tvb, pinfo, tree, is_plain))
  end
  pinfo.cols.protocol = is_plain and "Ondacast plain" or "Ondacast"
  pinfo.cols.info:set((record.is_first and "" or ", ") .. joined(infos))
  pinfo.cols.info:fence()
end

function session.dissector(tvb, pinfo, root) dissect(session, tvb, pinfo, root, false) end

function plain.dissector(tvb, pinfo, root) dissect(plain, tvb, pinfo, root, true) end

-- Registration --------------------------------------------------------------

local by_port = DissectorTable.get("tcp.port")
local ports = {}

local function apply_ports()
  for proto, port in pairs(ports) do by_port:remove(port, proto) end
  ports = {}
  for proto, port in pairs({
    [session] = session.prefs.session_port,
    [plain] = session.prefs.stream_port,
  }) do
    if port > 0 then
      ports[proto] = port
      by_port:add(port, proto)
    end
  end
end

session.prefs_changed = apply_ports
apply_ports()

-- On other ports, a session is recognised by its first message.
session:register_heuristic("tcp", function(tvb, pinfo, root)
  if tvb:captured_len() <= HEADER_BYTES or next_message(tvb, 0) ~= 0 then return false end
  local text = tvb:raw(HEADER_BYTES, math.min(tvb:captured_len() - HEADER_BYTES, tvb(1, 3):uint()))
  if not text:find('"type"%s*:%s*"hello"') then return false end
  pinfo.conversation = session
  session.dissector(tvb, pinfo, root)
  return true
end)
