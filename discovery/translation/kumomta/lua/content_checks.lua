-- Applies header_checks, mime_header_checks, nested_header_checks and body_checks as cleanup(8) does.
-- The rules stand in header_checks.lua; this file holds none and is the same for every set.

local kumo = require 'kumo'

local M = {}

-- body_checks look at this many bytes of each part: Postfix's body_checks_size_limit.
local BODY_LIMIT = 51200

local MIME_HEADERS = {
  ['content-description'] = true,
  ['content-disposition'] = true,
  ['content-id'] = true,
  ['content-transfer-encoding'] = true,
  ['content-type'] = true,
  ['mime-version'] = true,
}

-- Postfix compares bytes. Each byte becomes the letter of the same number, and a byte again afterwards.
local function letters(text)
  return (text:gsub('[\x80-\xff]', function(byte)
    return utf8.char(byte:byte())
  end))
end

local function bytes(text)
  return (text:gsub('[\xc2\xc3][\x80-\xbf]', function(letter)
    return string.char(utf8.codepoint(letter))
  end))
end

-- What the expression took, or nil. One that gives up counts as no match, as it does for Postfix.
local function taken(test, subject)
  test.regex = test.regex or kumo.regex.compile(test[1])
  local is_done, found = pcall(function()
    return test.regex:captures(subject)
  end)
  if not is_done then
    kumo.log_warn('an expression gave up: ' .. test[1])
    return nil
  end
  return found
end

-- Whether all tests of a rule hold, and what the first of them took.
local function fits(rule, subject)
  local first = nil
  for number, test in ipairs(rule.tests) do
    local found = taken(test, subject)
    if (found ~= nil) == test[2] then
      return false, nil
    end
    if number == 1 then
      first = found
    end
  end
  return true, first
end

-- Whether all expressions hold for a text.
function M.holds(tests, text)
  return (fits({ tests = tests }, letters(text)))
end

local function filled(parts, found)
  local out = {}
  for _, part in ipairs(parts) do
    out[#out + 1] = type(part) == 'number' and bytes(found and found[part] or '') or part
  end
  return table.concat(out)
end

-- The first rule that fits: the rule and its text; nil when none does.
function M.find(tables, text)
  local subject = letters(text)
  for _, rules in ipairs(tables or {}) do
    local depth = 0
    for _, rule in ipairs(rules) do
      if depth >= rule.depth then
        if rule.op == 'endif' then
          depth = depth - 1
        else
          local holds, found = fits(rule, subject)
          if holds and rule.op == 'if' then
            depth = depth + 1
          elseif holds then
            return rule, filled(rule.text, found)
          end
        end
      end
    end
  end
  return nil
end

local function refuse(text)
  local status, rest = text:match '^[45](%.%d+%.%d+)%s+(.*)$'
  kumo.reject(550, '5' .. (status or '.7.1') .. ' ' .. (rest or (text ~= '' and text or 'message content rejected')))
end

local function looks_like_header(text)
  return text:match '^[!-9;-~]+[ \t]*:' ~= nil
end

local function emit(run, text)
  run.out[#run.out + 1] = text
end

-- Actions that concern the whole message are kept in the verdict; the last of a kind counts.
local WHOLE = {
  DISCARD = function(verdict)
    verdict.is_discarded = true
  end,
  HOLD = function(verdict)
    verdict.is_held = true
  end,
  FILTER = function(verdict, rule)
    verdict.route = rule.route
  end,
  REDIRECT = function(verdict, _, text)
    verdict.redirect = text
  end,
  BCC = function(verdict, _, text)
    verdict.copies[#verdict.copies + 1] = text
  end,
}

-- Puts one header, or one line of a body, out as the rules want it. `raw` ends with its line end.
local function pass(run, tables, text, raw, is_header)
  local rule, said = M.find(tables, text)
  local action = rule and rule.action or 'DUNNO'
  if action == 'REJECT' then
    refuse(said)
  end
  if WHOLE[action] then
    WHOLE[action](run.verdict, rule, said)
  end
  if action == 'WARN' or action == 'INFO' or action == 'STRIP' then
    local note = string.format('%s: %s; %s', rule.at, text:gsub('%s+', ' '), said)
    local log = action == 'WARN' and kumo.log_warn or kumo.log_info
    log(note)
  end
  local is_usable = not is_header or looks_like_header(said or '')
  if action == 'IGNORE' or action == 'STRIP' then
    run.is_changed = true
  elseif action == 'REPLACE' and is_usable then
    run.is_changed = true
    emit(run, said .. '\r\n')
  elseif action == 'PREPEND' and is_usable then
    run.is_changed = true
    emit(run, said .. '\r\n')
    emit(run, raw)
  else
    emit(run, raw)
  end
end

-- What a Content-Type header says about what comes after the headers.
local function content_of(header)
  local value = header:match '^[^:]*:%s*(.*)$' or ''
  local kind = (value:match '^([^%s;]+)' or ''):lower()
  local at = value:lower():find 'boundary%s*='
  local boundary = nil
  if at then
    local rest = value:sub(at):gsub('^[^=]*=%s*', '')
    boundary = rest:match '^"([^"]*)"' or rest:match '^([^%s;]+)'
  end
  return kind, boundary
end

local function finish_header(run)
  if not run.header then
    return
  end
  local text, raw = run.header, run.raw
  run.header, run.raw = nil, nil
  local name = (text:match '^([^:%s]+)' or ''):lower()
  if name == 'content-type' then
    run.kind, run.boundary = content_of(text)
  end
  local stage = MIME_HEADERS[name] and 'mime' or run.stage
  pass(run, run.checks[stage], text, raw, true)
end

local function begin_headers(run, stage, kind)
  run.mode, run.stage, run.kind, run.boundary = 'header', stage, kind, nil
end

local function begin_body(run)
  run.seen = 0
  if run.kind:match '^multipart/' and run.boundary then
    table.insert(run.boundaries, { text = run.boundary, part = run.kind == 'multipart/digest' and 'message/rfc822' or '' })
  end
  if run.kind == 'message/rfc822' or run.kind == 'message/global' then
    begin_headers(run, 'nested', '')
  else
    run.mode = 'body'
  end
end

-- A line that a boundary begins opens the headers of the next part, or ends the last one.
local function cross_boundary(run, line)
  for at = #run.boundaries, 1, -1 do
    local boundary = run.boundaries[at]
    if line:sub(3, 2 + #boundary.text) == boundary.text then
      local is_end = line:sub(3 + #boundary.text, 4 + #boundary.text) == '--'
      while #run.boundaries > (is_end and at - 1 or at) do
        table.remove(run.boundaries)
      end
      run.seen = 0
      if not is_end then
        begin_headers(run, 'mime', boundary.part)
      end
      return
    end
  end
end

local function body_line(run, line, raw)
  if run.checks.body and run.seen < BODY_LIMIT then
    pass(run, run.checks.body, line, raw, false)
  else
    emit(run, raw)
  end
  run.seen = run.seen + #line + 1
  if line:sub(1, 2) == '--' then
    cross_boundary(run, line)
  end
end

local function header_line(run, line, raw)
  if run.header and line:match '^[ \t]' then
    run.header, run.raw = run.header .. '\n' .. line, run.raw .. raw
  elseif line:match '^[!-9;-~]+[ \t]*:' then
    finish_header(run)
    run.header, run.raw = line, raw
  else
    finish_header(run)
    begin_body(run)
    if line == '' then
      emit(run, raw)
    else
      body_line(run, line, raw)
    end
  end
end

-- Walks a message once. Returns what is to be done: is_discarded, is_held, route, redirect, copies, and `data` when
-- the content has changed. A rule that refuses the message does so at once.
function M.examine(checks, data)
  local run = { checks = checks, out = {}, boundaries = {}, verdict = { copies = {} }, seen = 0 }
  begin_headers(run, 'primary', '')
  for raw in data:gmatch '[^\n]*\n?' do
    if raw ~= '' then
      local line = raw:gsub('\r?\n$', '')
      local step = run.mode == 'header' and header_line or body_line
      step(run, line, raw)
    end
  end
  finish_header(run)
  if run.is_changed then
    run.verdict.data = table.concat(run.out)
  end
  return run.verdict
end

return M
