public import ManifestModel
public import SystemPackage

/// Answers what effective permissions allow, with the reason, and the flag that would allow what they do not.
/// For programs that embed the library, and for messages; the box itself is held by the kernel.
public struct PermissionChecker: Hashable, Sendable {
    public let permissions: EffectivePermissions

    public init(_ permissions: EffectivePermissions) { self.permissions = permissions }

    /// What a server wants to do.
    public enum Request: Hashable, Sendable {
        /// A real, absolute path.
        case path(FilePath, EffectivePermissions.PathAccess)
        /// A name or an address as a program would write it, and a port.
        case host(String, port: UInt16)
        case listen(IPAddress, port: UInt16)
        case environment(String)
        /// A program by its real path.
        case command(FilePath)
        /// A unix socket by its real path.
        case socket(FilePath)
    }

    public enum Answer: Hashable, Sendable {
        case allowed
        /// - Parameter flag: What would allow it, as one would type it; `nil` where no override can.
        case denied(permission: Permission, why: String, flag: String?)

        public var isAllowed: Bool { self == .allowed }
    }

    public func check(_ request: Request) -> Answer {
        let (permission, why, flag) = denial(request)
        guard let why else { return .allowed }
        if !permissions.granted.contains(permission) {
            return .denied(permission: permission, why: "\(permission.shortName) is not granted", flag: nil)
        }
        return .denied(permission: permission, why: why, flag: flag)
    }

    private func denial(_ request: Request) -> (Permission, why: String?, flag: String?) {
        switch request {
        case .path(let path, let access): return denial(path, access)
        case .host(let host, let port): return denial(host, port)
        case .listen(let address, let port):
            let allowed = permissions.mayListen(on: address, port: port)
            return (
                .networkServer, allowed ? nil : "not in listenPorts",
                "--listen-port \(ListenRule(address: address, port: port))"
            )
        case .environment(let name):
            let allowed =
                permissions.environment.contains { $0.name == name } || permissions.secrets.contains { $0.name == name }
            return (
                .environmentRead, allowed ? nil : "not in envVars",
                EnvironmentRules.isValidName(name) ? "--env \(name)" : nil
            )
        case .command(let path):
            return (
                .exec, permissions.commands.contains(path) ? nil : "not in allowedCommands",
                "--allow-command \(printable(path.string))"
            )
        case .socket(let path):
            return (
                .networkClient, permissions.reachableSockets.contains(path) ? nil : "not in allowedSockets",
                "--allow-socket \(printable(path.string))"
            )
        }
    }

    private func denial(_ path: FilePath, _ access: EffectivePermissions.PathAccess) -> (Permission, String?, String?) {
        let (permission, key, allowed): (Permission, OverrideKey, Bool) =
            switch access {
            case .read: (.filesystemRead, .readPaths, permissions.mayRead(path))
            case .write: (.filesystemWrite, .writePaths, permissions.mayWrite(path))
            case .delete: (.filesystemDelete, .deletePaths, permissions.mayDelete(path))
            }
        if allowed { return (permission, nil, nil) }
        if !path.isResolved { return (permission, "not a real, absolute path", nil) }
        let flag = "\(key.row.flag) \(printable(path.string))"
        switch permissions.denial(of: path, for: access) {
        case let entry? where entry.origin == .operator:
            return (permission, "closed by --deny-path (\(entry.pattern))", nil)
        case let entry? where entry.origin.isOwn:
            return (permission, "\(entry.origin.ownWords) (\(entry.pattern)), which no flag opens for writing", nil)
        case let entry?: return (permission, "on the protected list (\(entry.pattern))", flag)
        case nil: return (permission, "not in \(key.rawValue)", flag)
        }
    }

    private func denial(_ host: String, _ port: UInt16) -> (Permission, String?, String?) {
        let decision: HostDecision
        let text: String
        if HostText.isAddress(host[...]) {
            guard let address = try? IPAddress(parsing: host) else { return (.networkClient, "not an address", nil) }
            decision = permissions.hosts.decide(address, port: port, names: [])
            text = "\(HostRule(.block(address.destination, prefix: address.destination.bitCount), port: port))"
        } else {
            guard let name = try? HostName.canonical(host) else { return (.networkClient, "not a host name", nil) }
            decision = permissions.hosts.decide(name: name, port: port)
            text = "\(HostRule(.name(name), port: port))"
        }
        guard case .denied(let why) = decision else { return (.networkClient, nil, nil) }
        return (.networkClient, why, "--allow-host \(text)")
    }
}
