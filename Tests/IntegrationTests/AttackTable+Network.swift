import Glibc

extension AttackTable {
    private static func refused(
        _ id: String, _ title: String, _ act: String..., grants: Grants = .network, outside: Control = .succeeds,
        inside: CInt = EACCES, needs: Set<Need> = []
    ) -> AttackCase {
        AttackCase(id, title, grants, act, outside: outside, inside: inside, needs: needs)
    }

    /// In a network of its own the box may send what it likes: nobody is there, and no listener outside hears of it.
    private static func lost(_ id: String, _ title: String, _ act: String, _ port: String) -> AttackCase {
        AttackCase(id, title, .network, [act, "127.0.0.1", port], namespaces: 0, plain: EACCES)
    }

    static let network: [AttackCase] = [
        refused("B1", "Connect with no network right at all", "connect", "127.0.0.1", "{bad}", grants: .reading),
        refused("B1", "Connect and wait with poll", "connect_nonblocking", "127.0.0.1", "{bad}"),
        refused("B25", "A socket of its own, whatever proxy there may be", "connect", "127.0.0.1", "{bad}"),
        refused(
            "B21", "Ask a name server by TLS", "connect", "127.0.0.1", "853", outside: .answers(ECONNREFUSED)),
        refused("B15", "Connect to a granted host on a port that is not", "connect", "127.0.0.1", "{bad}"),
        refused("B2", "Address changed by a thread", "race_connect", "thread", "{good}", "{bad}"),
        refused("B2", "Address changed by a task sharing memory", "race_connect", "vm", "{good}", "{bad}"),
        refused("B2", "Address changed in a shared mapping", "race_connect", "shared", "{good}", "{bad}"),
        refused("B3", "Fast open with sendto", "fastopen_sendto", "127.0.0.1", "{bad}", inside: EOPNOTSUPP),
        refused("B3", "Fast open with sendmsg", "fastopen_sendmsg", "127.0.0.1", "{bad}", inside: EOPNOTSUPP),
        refused("B3", "Fast open with sendmmsg", "fastopen_sendmmsg", "127.0.0.1", "{bad}", inside: EOPNOTSUPP),
        refused("B3", "Fast open of a granted address", "fastopen_sendto", "127.0.0.1", "{good}", inside: EOPNOTSUPP),
        refused("B3", "Fast open by a socket option", "fastopen_connect", "127.0.0.1", "{bad}", inside: EPERM),
        lost("B5", "Datagram with sendto", "udp_sendto", "{udp}"),
        lost("B5", "Datagram with sendmsg", "udp_sendmsg", "{udp}"),
        lost("B7", "Datagrams of 1024 parts with sendmmsg", "udp_sendmmsg", "{udp}"),
        lost("B5", "Connected datagram socket", "udp_connect", "{udp}"),
        lost("B5", "Datagram socket connected again", "udp_reconnect", "{udp}"),
        lost("B5", "Datagram to a port granted for connections", "udp_sendto", "{good}"),
        refused(
            "B6", "Message whose header is unmapped", "udp_send_unmapped", "127.0.0.1", "{udp}",
            outside: .same, inside: EFAULT),
        refused("B6", "Connect with an unmapped address", "connect_unmapped", "16", outside: .same, inside: EFAULT),
        refused(
            "B7", "Address of no length", "connect_length", "127.0.0.1", "{bad}", "0", outside: .same,
            inside: EINVAL),
        refused(
            "B7", "Address of one byte", "connect_length", "127.0.0.1", "{bad}", "1", outside: .same,
            inside: EINVAL),
        refused(
            "B7", "Address longer than any", "connect_length", "127.0.0.1", "{bad}", "129", outside: .same,
            inside: EINVAL),
        refused(
            "B7", "Address of negative length", "connect_length", "127.0.0.1", "{bad}", "-1", outside: .same,
            inside: EINVAL),
        refused("B7", "Address with room to spare", "connect_length", "127.0.0.1", "{bad}", "128"),

        refused("B11", "IPv6 loopback", "connect", "::1", "{v6}"),
        refused("B11", "IPv4 address mapped into IPv6", "connect", "::ffff:127.0.0.1", "{bad}"),
        refused("B11", "IPv4 address in 6to4", "connect", "2002:7f00:1::", "{bad}", outside: .differs),
        refused("B11", "IPv4 address by NAT64", "connect", "64:ff9b::7f00:1", "{bad}", outside: .differs),
        refused("B11", "IPv4-compatible address", "connect", "::127.0.0.1", "{bad}", outside: .differs),
        refused("B12", "0.0.0.0 for loopback", "connect", "0.0.0.0", "{bad}"),
        refused("B12", ":: for loopback", "connect", "::", "{v6}"),
        refused("B12", "Another address of loopback", "connect", "127.1.2.3", "{bad}", outside: .answers(ECONNREFUSED)),
        refused(
            "B18", "Loopback when any host is granted", "connect", "127.0.0.1", "{bad}",
            grants: .writing.adding(["network.client"], ["--allow-host", "*"])),
        refused(
            "B17", "Metadata address when any host is granted", "connect_length", "169.254.169.254", "80", "16",
            grants: .writing.adding(["network.client"], ["--allow-host", "*"]), outside: .differs),

        refused("B26", "Bind a port with no server right", "bind", "127.0.0.1", "{free}"),
        refused("B26", "Listen with no server right", "listen", "127.0.0.1", "{free}"),
        refused(
            "B26", "Listen on a port that is not granted", "listen", "127.0.0.1", "{bad}", grants: .server,
            outside: .answers(EADDRINUSE)),
        refused(
            "B26", "Listen beside another service", "listen_reuseport", "127.0.0.1", "{bad}", grants: .server,
            outside: .answers(EADDRINUSE)),
        refused("B26", "Listen on all addresses", "listen", "0.0.0.0", "{free}"),
        refused("B27", "Listen without bind", "listen_unbound"),
        refused("B27", "Listen without bind, with a port granted", "listen_unbound", grants: .server),
        lost("B33", "Descriptor that becomes a datagram socket", "race_descriptor", "{good}"),
        refused("J4", "Undumpable program", "connect_undumpable", "127.0.0.1", "{bad}"),

        AttackCase(
            "H8", "Connect to the granted port is allowed", .network, ["connect", "127.0.0.1", "{good}"],
            inside: 0),
        AttackCase(
            "H8", "The same without blocking", .network, ["connect_nonblocking", "127.0.0.1", "{good}"],
            inside: 0),
        AttackCase(
            "J11", "A thread may have no descriptors of its own", .network,
            ["thread_table_connect", "127.0.0.1", "{good}"], inside: EPERM),
        // 198.51.100.0/24 is for documentation: nobody answers there.
        AttackCase(
            "B32 J7", "Sixty threads that wait for nobody, and one call that is allowed beside them",
            .network.with(["--allow-host", "198.51.100.1"]), ["stall", "198.51.100.1", "{good}"], inside: 0),
        AttackCase(
            "J13", "Execs while other threads connect are allowed",
            .listed.adding(["network.client"], ["--allow-host", "127.0.0.1:{good}"]),
            ["exec_beside_calls", "{tools}/listed", "{good}"], inside: 0),
        // The port is granted for listening, and somebody else serves it on IPv4.
        AttackCase(
            "K2", "Listen for IPv6 alone where another serves IPv4, then connect to that",
            .network.adding(["network.server"], ["--listen-port", "{bad}"]), ["connect_other_family", "{bad}"],
            inside: EACCES),
        AttackCase(
            "H8", "An own service for both families is allowed",
            .network.adding(["network.server"], ["--listen-port", "{free}"]), ["own_loopback_both", "{free}"], inside: 0
        ),
        AttackCase(
            "H8", "Listen on the granted port is allowed", .server, ["listen", "127.0.0.1", "{free}"],
            inside: 0),
        AttackCase(
            "H8", "Own service on loopback is allowed",
            .network.adding(
                ["network.server"],
                [
                    "--listen-port", "{free}",
                ]), ["own_loopback", "{free}"], inside: 0),
    ]

    static let sockets: [AttackCase] =
        [
            refused(
                "B4", "Multipath TCP", "socket", "inet", "stream", "262", inside: EPROTONOSUPPORT,
                needs: [.kernelFeature]),
            refused(
                "B4", "Stream control transmission", "socket", "inet", "stream", "132", inside: EPROTONOSUPPORT,
                needs: [.kernelFeature]),
            refused(
                "B4", "Shared memory over TCP", "socket", "inet", "stream", "256", inside: EPROTONOSUPPORT,
                needs: [.kernelFeature]),
            refused("B29", "Raw IP", "socket", "inet", "raw", "1", inside: EPROTONOSUPPORT, needs: [.root]),
            refused("B29", "Packets", "socket", "packet", "raw", "3", inside: EAFNOSUPPORT, needs: [.root]),
            refused(
                "B29", "Express data path", "socket", "xdp", "raw", "0", inside: EAFNOSUPPORT,
                needs: [.root, .kernelFeature]),
            refused("B29", "Ping socket", "socket", "inet", "dgram", "1", outside: .differs, inside: EPROTONOSUPPORT),
        ]
        + [
            "key raw 2", "tipc stream 0", "bluetooth raw 1", "can raw 1", "alg seqpacket 0", "vsock stream 0",
            "qipcrtr dgram 0", "smc stream 0", "mctp dgram 0",
        ].map { words in
            let parts = words.split(separator: " ").map(String.init)
            return AttackCase(
                "B30", "Family \(parts[0])", .network, ["socket"] + parts, inside: EAFNOSUPPORT,
                needs: [.kernelFeature])
        }
        + [
            refused(
                "B30", "Netlink of the audit system", "socket", "netlink", "raw", "9", inside: EPROTONOSUPPORT,
                needs: [.kernelFeature]),
            refused("B30", "Netlink of device events", "socket", "netlink", "raw", "15", inside: EPROTONOSUPPORT),
            refused(
                "B30", "Netlink of socket diagnosis", "socket", "netlink", "raw", "4", inside: EPROTONOSUPPORT,
                needs: [.kernelFeature]),
            refused(
                "F2", "Family with high bits set", "socket_high_bits", "vsock", "stream", inside: EAFNOSUPPORT,
                needs: [.kernelFeature]),
            refused("J1", "Change a network device", "netlink_change", inside: EPERM, needs: [.root]),
            AttackCase("B31", "A question about devices is allowed", .network, ["netlink_query"], inside: 0),
            refused("B34", "SO_MARK", "option", "socket", "36", "1", inside: EPERM, needs: [.root]),
            refused("B34", "SO_BINDTODEVICE", "bind_to_device", "lo", inside: EPERM),
            refused("B34", "Another network namespace", "setns", "/proc/self/ns/net", inside: EPERM, needs: [.root]),
            refused("B35", "TCP_REPAIR", "option", "tcp", "19", "1", inside: EPERM, needs: [.root]),
            refused("B35", "TCP_ULP", "upper_layer", "tls", outside: .differs, inside: EPERM),
            refused("B35", "SO_ATTACH_BPF", "option", "socket", "50", "-1", outside: .differs, inside: EPERM),
            refused("J5", "IPv6 routing header", "routing_header", inside: EPERM),
            refused("J5", "IPv4 source route", "source_route", inside: EPERM, needs: [.root]),
        ]

    static let unixSockets: [AttackCase] =
        [
            ("E1", "Connect to a unix socket", ["unix_connect", "{sockets}/stream"]),
            ("E1", "Connect to a seqpacket socket", ["unix_connect_seqpacket", "{sockets}/seqpacket"]),
            ("E2", "By a relative path", ["unix_connect", "../../secret/stream"]),
            ("E2", "By a symlink", ["unix_connect_symlink", "{work}/s", "{sockets}/stream"]),
        ].map { id, title, act in AttackCase(id, title, .network, act, namespaces: ENOENT, plain: EACCES) }
        + [
            // The supervisor follows no magic link of /proc, which would lead out of the caller's root.
            AttackCase(
                "E2", "By /proc/self/root", .network, ["unix_connect", "/proc/self/root{sockets}/stream"],
                namespaces: ENOENT, plain: EXDEV),
            AttackCase(
                "E2", "By a descriptor's alias", .network,
                ["unix_connect_descriptor", "{work}", "../../secret/stream"], namespaces: ENOENT, plain: EACCES),
            refused("E1", "Connect to a foreign socket in a writable folder", "unix_connect", "{common}/outside"),
            refused("E2", "Path changed while it is judged", "race_unix", "{work}/none", "{common}/outside"),
            refused("E3", "Datagram by path", "unix_send_datagram", "{sockets}/datagram", inside: EPROTONOSUPPORT),
            refused(
                "J3", "Datagram by path from a socketpair", "unix_send_from_pair", "{sockets}/datagram",
                inside: EPROTONOSUPPORT),
            refused("E4", "Connect to an abstract socket", "unix_connect", "{abstract}"),
            refused("E5", "Bind an abstract socket", "unix_bind", "{abstract}-own"),
            refused("E5", "Bind a socket in a folder that may only be read", "unix_bind", "{read}/own"),
            AttackCase(
                "E5", "Bind a socket outside", .network, ["unix_bind", "{secret}/own"], namespaces: ENOENT,
                plain: EACCES),
            AttackCase(
                "E1", "A socket granted by path is allowed",
                .network.with(["--allow-socket", "{sockets}/stream"]), ["unix_connect", "{sockets}/stream"],
                inside: 0, mayReach: true),
            AttackCase(
                "E6", "Receive an open file over a socket that is not granted", .network,
                ["receive_file", "{peer-file}"],
                namespaces: ENOENT, plain: EACCES),
            // Whoever grants a socket grants what its service hands out: docs/threat-model.md.
            AttackCase(
                "E6", "Receive an open file over a granted socket is allowed",
                .network.with(["--allow-socket", "{peer-file}"]), ["receive_file", "{peer-file}"], inside: 0),
            AttackCase(
                "E6", "Open a file below a folder that was received over a granted socket",
                .network.with(["--allow-socket", "{peer-folder}"]), ["receive_folder", "{peer-folder}", "key"],
                inside: EACCES),
            AttackCase(
                "B28", "Serve on a listening socket that came over one that is not granted", .network,
                ["receive_listener", "{peer-listener}"], namespaces: ENOENT, plain: EACCES),
            AttackCase(
                "B28", "Serve on a listening socket that a granted service hands out is allowed",
                .network.with(["--allow-socket", "{peer-listener}"]), ["receive_listener", "{peer-listener}"], inside: 0
            ),
            AttackCase(
                "E16 J10", "Connect to a bus or a name service cache", .network, ["unix_connect", "{sockets}/bus"],
                namespaces: ENOENT, plain: EACCES),
            AttackCase(
                "K4", "Put another's socket in the place of an own one while it is bound",
                .network.adding(
                    ["filesystem.delete"],
                    ["--read-path", "{common}", "--write-path", "{common}", "--delete-path", "{common}"]),
                ["race_unix_bind", "{common}", "{common}/outside"], inside: EACCES),
            AttackCase(
                "K16", "Read a protected name below a granted folder that a granted service hands out",
                .network.with(["--allow-socket", "{peer-project}", "--read-path", "{scene}/project"]),
                ["receive_folder", "{peer-project}", ".env"], inside: EACCES),
            AttackCase(
                "H8", "Own unix service by the name that its socket tells is allowed", .network,
                ["unix_told_name", "{work}/own"], inside: 0),
            AttackCase(
                "H8", "Own unix service in a writable folder is allowed", .network,
                ["unix_own_service", "{work}/own"], inside: 0),
        ]
}
