-- SPDX-License-Identifier: MIT
-- For wrk, which acts as the outermost proxy: each request comes from a client of another address,
-- which stands last in X-Forwarded-For, after what the client may have forged, and in X-Marker. The
-- argument "one-line", behind "--": never on a second line of that header.
-- Prints the totals in one line of JSON.
local bit = require("bit")

local one_line = false
function init(arguments)
    one_line = arguments[1] == "one-line"
end

local threads = 0
function setup(thread)
    thread:set("id", threads)
    threads = threads + 1
end

local count, previous = 0, "6.6.6.6"

function request()
    count = count + 1
    local low, high = bit.band(count, 0xffff), bit.rshift(count, 16)
    local address, with_port
    if count % 2 == 0 then
        address = string.format("10.%d.%d.%d", bit.band(64 * id + high, 0xff), bit.rshift(low, 8),
                                bit.band(low, 0xff))
        with_port = address .. ":4711"
    else -- no zero in it: there is one way only to write it
        address = string.format("2001:db8:%x:1:1:1:%x:%x", id + 1, high + 1, low)
        with_port = "[" .. address .. "]:4711"
    end
    local form, list = bit.band(bit.rshift(count, 1), 3), nil
    if form == 0 then list = address
    elseif form == 1 then list = previous .. ", " .. address
    elseif form == 2 and not one_line then list = previous .. "\r\nX-Forwarded-For: " .. address
    else list = "unknown," .. previous .. "," .. with_port end
    previous = address
    return "GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: " ..
           list .. "\r\nX-Marker: " .. address .. "\r\n\r\n"
end

function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format('{"requests": %d, "seconds": %.3f, "connect": %d, "read": %d, "write": %d, ' ..
                        '"timeout": %d, "non_2xx": %d}', summary.requests, summary.duration / 1e6,
                        errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
