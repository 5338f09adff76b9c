/// One way to narrow a permission: a key of `scopes`, and of an overrides file. The order is the one of docs and output.
public enum ScopeKey: String, CaseIterable, Hashable, Sendable {
    case readPaths, writePaths, deletePaths, denyPaths
    case allowedHosts, deniedHosts, allowedSockets, listenPorts, dns
    case envVars, allowedCommands, devices, limits

    /// How its value is written.
    public enum Shape: Hashable, Sendable {
        /// A list of strings.
        case strings
        /// A list of port numbers, or of strings `ADDRESS:PORT`.
        case ports
        /// An object of ``LimitKey`` names.
        case limits
        /// One string.
        case string
    }

    public var shape: Shape {
        switch self {
        case .listenPorts: .ports
        case .limits: .limits
        case .dns: .string
        default: .strings
        }
    }

    /// The command-line flag with the same meaning.
    public var flag: String {
        switch self {
        case .readPaths: "--read-path"
        case .writePaths: "--write-path"
        case .deletePaths: "--delete-path"
        case .denyPaths: "--deny-path"
        case .allowedHosts: "--allow-host"
        case .deniedHosts: "--deny-host"
        case .allowedSockets: "--allow-socket"
        case .listenPorts: "--listen-port"
        case .dns: "--dns"
        case .envVars: "--env"
        case .allowedCommands: "--allow-command"
        case .devices: "--device"
        case .limits: "--limit"
        }
    }

    public var summary: String {
        switch self {
        case .readPaths: "files and folders that may be read"
        case .writePaths: "files and folders that may be created, changed and replaced"
        case .deletePaths: "files and folders that may be removed or moved away"
        case .denyPaths: "paths and patterns that stay closed inside what is granted"
        case .allowedHosts:
            "hosts that may be connected to: name, *.name, address, block, each with :port if wanted; * is any public host"
        case .deniedHosts: "hosts that stay closed, whatever allowedHosts says"
        case .allowedSockets: "unix sockets that may be connected to, by path"
        case .listenPorts: "ports that may be listened on; 0 is one that the kernel chooses"
        case .dns: "the name server that is asked, ADDRESS or ADDRESS:PORT"
        case .envVars: "environment variables that the server sees beyond the base set"
        case .allowedCommands: "programs that may be started"
        case .devices: "device nodes that may be opened"
        case .limits: "memory, processes, files, cpu, fileSize"
        }
    }

    /// The permissions that it narrows: one of them must be declared. Empty: it needs none.
    public var permissions: [Permission] { Permission.allCases.filter { $0.facts.scopes.contains(self) } }

    /// Whether more entries mean less power.
    public var isDenial: Bool { self == .denyPaths || self == .deniedHosts }
}

/// The names inside `limits`.
public enum LimitKey: String, CaseIterable, Hashable, Sendable {
    case memory, processes, files, cpu, fileSize

    public enum Unit: Hashable, Sendable { case bytes, seconds, count }

    public var unit: Unit {
        switch self {
        case .memory, .fileSize: .bytes
        case .cpu: .seconds
        case .processes, .files: .count
        }
    }

    /// Reads `2G`, `60s` or `64`: a whole number above zero with, for bytes, K, M, G or T (powers of 1024) and, for
    /// time, s, m or h, in either case.
    /// - Returns: Bytes, seconds or a count; `nil` when it is not written so or does not fit.
    public func amount(_ text: String) -> UInt64? {
        var digits = text.utf8[...]
        var factor: UInt64 = 1
        if let last = digits.last, let known = suffixes[last | 0x20] {
            factor = known
            digits = digits.dropLast()
        }
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let number = UInt64(String(Substring(digits))), number > 0 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow || product > UInt64(Int64.max) ? nil : product  // the kernel's limits are signed
    }

    private var suffixes: [UInt8: UInt64] {
        switch unit {
        case .bytes: [0x6B: 1 << 10, 0x6D: 1 << 20, 0x67: 1 << 30, 0x74: 1 << 40]
        case .seconds: [0x73: 1, 0x6D: 60, 0x68: 3600]
        case .count: [:]
        }
    }
}
