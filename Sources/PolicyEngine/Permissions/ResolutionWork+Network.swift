import ManifestModel
import SystemPackage

extension ResolutionWork {
    mutating func resolveNetwork() {
        result.hosts.denied = hostRules(.deniedHosts)
        if isGranted(.networkClient) {
            resolveHosts()
            resolveSockets()
            resolveNameServer()
        }
        if isGranted(.networkServer) { resolveListening() }
    }

    private mutating func resolveHosts() {
        if overrides.mentions(.allowedHosts) {
            result.hosts.allowed = hostRules(.allowedHosts)
            if result.hosts.allowed.isEmpty { recordNone(.allowedHosts, "no host") }
        } else {
            result.hosts.allowed = [HostRule(.anyPublic)]
            record(.allowedHosts, "*", .byDefault("any public host"))
        }
    }

    private mutating func hostRules(_ key: OverrideKey) -> [HostRule] {
        var rules: [HostRule] = []
        var seen: Set<HostRule> = []
        for entry in entries(key) {
            do {
                let rule = try HostRule(parsing: entry.value)
                if seen.insert(rule).inserted { rules.append(rule) }
                record(key, "\(rule)", entry.origin)
                if key == .allowedHosts, let warning = rule.warning { warnings.append("\(entry.origin): \(warning)") }
                if case .block = rule.target, "\(rule)" != entry.value, !entry.value.hasPrefix("[") {
                    warnings.append("\(entry.origin): read as \(rule)")
                }
            } catch {
                refuse(
                    entry, error.description,
                    next: "write a host, *.host, an address or a block, each with an optional :port")
            }
        }
        return rules
    }

    private mutating func resolveSockets() {
        for entry in entries(.allowedSockets) {
            guard let file = existing(entry) else { continue }
            if file.kind != .socket {
                refuse(entry, "\(file.path) is no unix socket but a \(file.kind.words)", next: "name the socket itself")
                continue
            }
            if let service = SessionService(socket: file.path) {
                warnings.append(
                    "\(entry.origin): \(file.path) is all of a service: \(service.warning); "
                        + "\(service.permissions.map(\.shortName).joined(separator: " or ")) in the manifest says so to whoever agrees"
                )
            }
            if !result.sockets.contains(file.path) { result.sockets.append(file.path) }
            record(.allowedSockets, file.path.string, entry.origin)
        }
    }

    private mutating func resolveNameServer() {
        for entry in entries(.dns) {
            do {
                let server = try Endpoint(nameServer: entry.value)
                if let first = result.nameServer, first != server {
                    refuse(entry, "the name server is \(first) already", next: "give one --dns")
                    continue
                }
                result.nameServer = server
                record(.dns, "\(server)", entry.origin)
            } catch {
                refuse(entry, error.description, next: "write an address, as in 9.9.9.9 or [2620:fe::fe]:53")
            }
        }
    }

    private mutating func resolveListening() {
        for entry in entries(.listenPorts) {
            do {
                for rule in try ListenRule.parse(entry.value) where !result.listen.contains(rule) {
                    result.listen.append(rule)
                    record(.listenPorts, "\(rule)", entry.origin)
                    if (1..<1_024).contains(rule.port) {
                        warnings.append(
                            "\(entry.origin): port \(rule.port) needs a privilege that no box has, unless "
                                + "net.ipv4.ip_unprivileged_port_start allows it")
                    }
                }
            } catch {
                refuse(
                    entry, error.listenWords,
                    next: "write a port, 127.0.0.1:8080, localhost:8080 or [::1]:8080; 0 is any free port")
            }
        }
        if result.listen.isEmpty { recordNone(.listenPorts, "no port") }
    }
}

extension HostRuleError {
    /// Listening knows port 0, which a destination does not.
    var listenWords: String {
        if case .port(let text) = self { "`\(printable(text))` is no port from 0 to 65535" } else { description }
    }
}

extension FoundFile.Kind {
    var words: String {
        switch self {
        case .file, .folder, .socket: rawValue
        case .characterDevice: "character device"
        case .blockDevice: "block device"
        case .pipe: "named pipe"
        }
    }
}
