public import ManifestModel

/// The keys of override files, in the order that help and documentation list them.
public enum OverrideKey: String, CaseIterable, Hashable, Sendable {
    case readPaths, writePaths, deletePaths, denyPaths, allowProtected
    case allowedHosts, deniedHosts, listenPorts, allowedSockets
    case envVars, envFiles, secrets, allowedCommands, devices, limits, dns, deny
}

/// One row of the table that `run`'s argument reader, `inspect`, `approve`, the file reader, help and docs share.
public struct OverrideFlag: Hashable, Sendable {
    public let key: OverrideKey
    /// With its two hyphens. Repeatable.
    public let flag: String
    /// What stands for the value in help: `PATH`.
    public let value: String
    public let help: String
    /// The permissions that the key scopes; it is an error when the manifest declares none of them. Empty: it only narrows.
    public let scopes: [Permission]
}

/// A flag without a value.
public struct OverrideSwitch: Sendable {
    public let flag: String
    public let help: String
    let set: @Sendable (inout Overrides) -> Void
}

extension OverrideKey {
    /// The key's row.
    public var row: OverrideFlag { OverrideFlags.all[Self.allCases.firstIndex(of: self)!] }

    /// Whether no value of this key can grant anything.
    public var narrowsOnly: Bool { row.scopes.isEmpty }
}

/// Why an override on the command line cannot be read.
public enum OverrideFlagError: Error, Hashable, Sendable, CustomStringConvertible {
    case missingValue(flag: String, value: String)
    case unexpectedValue(flag: String)

    public var description: String {
        switch self {
        case .missingValue(let flag, let value): "\(flag) needs a value: \(flag) \(value)"
        case .unexpectedValue(let flag): "\(flag) takes no value"
        }
    }
}

public enum OverrideFlags {
    /// In the order of ``OverrideKey``.
    public static let all: [OverrideFlag] = [
        row(.readPaths, "--read-path", "PATH", "Let the server read this file or folder", [.filesystemRead]),
        row(.writePaths, "--write-path", "PATH", "Let the server create and change files here", [.filesystemWrite]),
        row(
            .deletePaths, "--delete-path", "PATH", "Let the server remove and rename files that existed before",
            [.filesystemDelete]),
        row(
            .denyPaths, "--deny-path", "PATTERN",
            "Keep this path, or what this pattern matches, closed inside what is granted", []),
        row(
            .allowProtected, "--allow-protected", "ENTRY",
            "Lift this entry of the protected list, or open this path in spite of it",
            [.filesystemRead, .filesystemWrite, .filesystemDelete]),
        row(
            .allowedHosts, "--allow-host", "HOST[:PORT]", "Let the server connect to this host, address or block",
            [.networkClient]),
        row(.deniedHosts, "--deny-host", "HOST[:PORT]", "Keep this host, address or block closed", []),
        row(
            .listenPorts, "--listen-port", "[ADDRESS:]PORT",
            "Let the server listen here; 0 is any port the kernel picks", [.networkServer]),
        row(.allowedSockets, "--allow-socket", "PATH", "Let the server connect to this unix socket", [.networkClient]),
        row(.envVars, "--env", "NAME[=VALUE]", "Pass this environment variable on, or set it", [.environmentRead]),
        row(.envFiles, "--env-file", "FILE", "Set the variables of this file of NAME=VALUE lines", [.environmentRead]),
        row(
            .secrets, "--secret", "NAME=FILE|!COMMAND",
            "Set this variable to what the file holds, or the command prints", [.environmentRead]),
        row(.allowedCommands, "--allow-command", "COMMAND", "Let the server start this program", [.exec]),
        row(.devices, "--device", "PATH", "Let the server use this character device", DeviceScopes.permissions),
        row(.limits, "--limit", "NAME=VALUE", "Limit memory, processes, files, cpu or fileSize", []),
        row(.dns, "--dns", "ADDRESS[:PORT]", "Resolve names with this name server", [.networkClient]),
        row(.deny, "--deny", "PERMISSION", "Drop a permission that the manifest declares", []),
    ]

    public static let switches: [OverrideSwitch] = [
        OverrideSwitch(flag: "--grant-optional", help: "Grant the manifest's optional permissions too") {
            $0.grantOptional = true
        },
        OverrideSwitch(flag: "--accept-scopes", help: "Use the manifest's own scopes where no override is given") {
            $0.acceptScopes = true
        },
    ]

    /// Takes one override off a command line.
    /// - Parameters:
    ///   - argument: `--flag`, `--flag=VALUE` or anything else.
    ///   - next: Hands out the argument after it; called only for a flag that needs one.
    /// - Returns: Whether `argument` was an override.
    public static func consume(
        _ argument: String, next: () -> String?, into overrides: inout Overrides
    ) throws(OverrideFlagError) -> Bool {
        guard argument.hasPrefix("--") else { return false }
        let equals = argument.utf8.firstIndex(of: UInt8(ascii: "="))
        let flag = equals.map { argument[..<$0] } ?? argument[...]
        if let row = switches.first(where: { $0.flag == flag }) {
            if equals != nil { throw .unexpectedValue(flag: row.flag) }
            row.set(&overrides)
            return true
        }
        guard let row = all.first(where: { $0.flag == flag }) else { return false }
        let attached = equals.map { String(argument[argument.utf8.index(after: $0)...]) }
        guard let value = attached ?? next() else { throw .missingValue(flag: row.flag, value: row.value) }
        overrides.entries.append(.init(row.key, value, from: .flag("\(row.flag) \(row.key.shown(value))")))
        return true
    }

    private static func row(
        _ key: OverrideKey, _ flag: String, _ value: String, _ help: String, _ scopes: [Permission]
    ) -> OverrideFlag {
        OverrideFlag(key: key, flag: flag, value: value, help: help, scopes: scopes)
    }
}

extension OverrideKey {
    /// A value as messages may show it: what an environment variable is set to stays out of them.
    func shown(_ value: String) -> String {
        guard self == .envVars, let equals = value.firstIndex(of: "=") else { return value }
        return value[...equals] + "..."
    }
}

/// Which permission a device node falls under, and which nodes a permission means when none is named.
enum DeviceScopes {
    struct Row {
        let prefix: String
        var suffix = ""
        let permissions: [Permission]
        /// Comes with the permission where the operator names no device.
        var isUsual = false
    }

    /// The first row that fits counts. Names of sound devices: sound/designs in the kernel's documentation.
    static let table: [Row] = [
        Row(prefix: "/dev/video", permissions: [.camera], isUsual: true),
        Row(prefix: "/dev/media", permissions: [.camera], isUsual: true),
        Row(prefix: "/dev/v4l-subdev", permissions: [.camera], isUsual: true),
        Row(prefix: "/dev/snd/pcmC", suffix: "c", permissions: [.microphone], isUsual: true),
        Row(prefix: "/dev/snd/pcmC", suffix: "p", permissions: [.speaker], isUsual: true),
        Row(prefix: "/dev/snd/controlC", permissions: [.microphone, .speaker], isUsual: true),
        Row(prefix: "/dev/snd/timer", permissions: [.microphone, .speaker], isUsual: true),
        Row(prefix: "/dev/snd/", permissions: [.microphone, .speaker]),
        Row(prefix: "/dev/dsp", permissions: [.microphone, .speaker]),
        Row(prefix: "/dev/dri/", permissions: [.screenCapture]), Row(prefix: "/dev/fb", permissions: [.screenCapture]),
        Row(prefix: "/dev/rfkill", permissions: [.bluetooth]), Row(prefix: "/dev/uhid", permissions: [.bluetooth]),
        Row(prefix: "/dev/vhci", permissions: [.bluetooth]),
    ]

    /// Any of them can be what a device is for.
    static let permissions: [Permission] = [.bluetooth, .camera, .microphone, .speaker, .screenCapture]

    private static func row(_ device: String) -> Row? {
        table.first { device.hasPrefix($0.prefix) && device.hasSuffix($0.suffix) }
    }

    static func permissions(for device: String) -> [Permission] { row(device)?.permissions ?? permissions }

    /// Which of the permissions the device is for.
    static func isFor(_ wanted: [Permission], _ device: String) -> [Permission] {
        (row(device)?.permissions ?? []).filter(wanted.contains)
    }

    /// Whether one of the permissions brings the device along.
    static func isUsual(_ device: String, for wanted: Set<Permission>) -> Bool {
        row(device).map { $0.isUsual && !wanted.isDisjoint(with: $0.permissions) } ?? false
    }
}
