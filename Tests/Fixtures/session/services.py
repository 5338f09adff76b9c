#!/usr/bin/python3
"""A session's services in one process, as a desktop's shell has them: owns each NAME on the bus at ADDRESS, and answers every
call. Says "ready", and then every call as `INTERFACE.MEMBER PATH ARGUMENTS`, one a line.

Usage: services.py ADDRESS NAME...
"""
import sys

from gi.repository import Gio, GLib

ANSWERS = {
    "Notify": GLib.Variant("(u)", (7,)),
    "GetServerInformation": GLib.Variant("(ssss)", ("stand-in", "tests", "1", "1.2")),
    "GetCapabilities": GLib.Variant("(as)", (["body"],)),
    "GetClient": GLib.Variant("(o)", ("/org/freedesktop/GeoClue2/Client/1",)),
}
address, *names = sys.argv[1:]
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
loop = GLib.MainLoop()


def answer(connection, message, incoming):
    if not incoming or message.get_message_type() != Gio.DBusMessageType.METHOD_CALL:
        return message
    body = message.get_body()
    print(f"{message.get_interface()}.{message.get_member()} {message.get_path()} {body.print_(False) if body else ''}",
          flush=True)
    reply = Gio.DBusMessage.new_method_reply(message)
    if body := ANSWERS.get(message.get_member()):
        reply.set_body(body)
    connection.send_message(reply, Gio.DBusSendMessageFlags.NONE)
    if message.get_member() == "Start":
        connection.emit_signal(None, "/org/freedesktop/GeoClue2/Client/1", "org.freedesktop.GeoClue2.Client",
                               "LocationUpdated", GLib.Variant("(oo)", ("/", "/org/freedesktop/GeoClue2/Location/1")))
    return None


bus.add_filter(answer)
for name in names:
    bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                  GLib.Variant("(su)", (name, 4)), None, Gio.DBusCallFlags.NONE, -1, None)
bus.connect("closed", lambda *_: loop.quit())
print("ready", flush=True)
loop.run()
