public import ManifestModel

/// What of a bus each permission opens, as xdg-dbus-proxy(1) takes it. Methods are named one by one: the owner of a name
/// often serves much else (a desktop's shell shows the notifications), and a proxy that lets a program talk to the name
/// lets it use all of that.
public enum BusRules {
    /// Where the proxy is looked for; never in a PATH.
    public static let places = ["/usr/bin/xdg-dbus-proxy", "/usr/local/bin/xdg-dbus-proxy"]

    /// The options that follow a bus's address and socket.
    public static func options(_ service: SessionService, for permissions: [Permission]) -> [String] {
        ["--filter"]
            + rows.filter { $0.service == service && permissions.contains($0.permission) }.flatMap { row in
                row.methods.map { "--call=\(row.name)=\($0)@\(row.path)" }
                    + row.signals.map { "--broadcast=\(row.name)=\($0)@\(row.path)" }
            }
    }

    private struct Row {
        let permission: Permission, service: SessionService
        let name: String, path: String
        /// Full names, or an interface with `.*`.
        let methods: [String], signals: [String]
    }

    private static let introspect = "org.freedesktop.DBus.Introspectable.Introspect"
    private static let properties = ["Get", "GetAll"].map { "org.freedesktop.DBus.Properties." + $0 }
    private static let portal = "org.freedesktop.portal."
    private static let geoClue = "org.freedesktop.GeoClue2"

    private static let rows: [Row] = [
        // Desktop Notifications Specification, "Protocol".
        Row(
            permission: .notifications, service: .sessionBus, name: "org.freedesktop.Notifications",
            path: "/org/freedesktop/Notifications",
            methods: ["Notify", "CloseNotification", "GetCapabilities", "GetServerInformation"].map {
                "org.freedesktop.Notifications." + $0
            } + [introspect],
            signals: ["NotificationClosed", "ActionInvoked", "ActivationToken"].map {
                "org.freedesktop.Notifications." + $0
            }),
        // The location portal asks the person itself where the desktop is set to.
        Row(
            permission: .location, service: .sessionBus, name: portal + "Desktop",
            path: "/org/freedesktop/portal/desktop",
            methods: [portal + "Location.CreateSession", portal + "Location.Start", introspect] + properties,
            signals: [portal + "Location.LocationUpdated"]),
        Row(
            permission: .location, service: .sessionBus, name: portal + "Desktop",
            path: "/org/freedesktop/portal/desktop/session/*",
            methods: [portal + "Session.Close"], signals: [portal + "Session.Closed"]),
        Row(
            permission: .location, service: .sessionBus, name: portal + "Desktop",
            path: "/org/freedesktop/portal/desktop/request/*",
            methods: [portal + "Request.Close"], signals: [portal + "Request.Response"]),
        // Not AddAgent: an agent answers for the person which other programs are told the location.
        Row(
            permission: .location, service: .systemBus, name: geoClue, path: "/org/freedesktop/GeoClue2/Manager",
            methods: ["GetClient", "CreateClient", "DeleteClient"].map { geoClue + ".Manager." + $0 }
                + [introspect] + properties,
            signals: []),
        Row(
            permission: .location, service: .systemBus, name: geoClue, path: "/org/freedesktop/GeoClue2/Client/*",
            methods: [geoClue + ".Client.Start", geoClue + ".Client.Stop", introspect]
                + properties + ["org.freedesktop.DBus.Properties.Set"],
            signals: [geoClue + ".Client.LocationUpdated", "org.freedesktop.DBus.Properties.PropertiesChanged"]),
    ]
}
