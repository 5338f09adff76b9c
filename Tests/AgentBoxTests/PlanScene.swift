import Foundation
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@testable import AgentBox

/// Manifests that people write, resolved as they would be on a machine that is the same everywhere.
enum OrdinaryManifest: String, CaseIterable, Sendable {
    case none, read, write, writeAndDelete, protected, readProtected, client, server, exec, everything

    var granted: EffectivePermissions {
        var granted = EffectivePermissions()
        granted.environment = [EnvironmentVariable(name: "PATH", value: "/usr/bin")]
        let all = self == .everything
        if all { granted.granted = Set(Permission.allCases) }
        if all || self == .read {
            granted.granted.insert(.filesystemRead)
            granted.readPaths = ["/srv/docs"]
        }
        if all || self == .write || self == .writeAndDelete {
            granted.granted.formUnion([.filesystemRead, .filesystemWrite])
            granted.readPaths += ["/srv/work"]
            granted.writePaths = ["/srv/work"]
        }
        if all || self == .writeAndDelete {
            granted.granted.insert(.filesystemDelete)
            granted.deletePaths = ["/srv/work"]
        }
        // As a real grant of a folder comes: with what stays closed in it.
        if self == .protected || self == .readProtected {
            granted.granted.formUnion([.filesystemRead])
            granted.readPaths = ["/srv/work"]
            granted.denied = [DeniedPath(pattern: "/srv/work/**/.env*", access: .all, origin: .protected)]
        }
        if self == .protected {
            granted.granted.formUnion([.filesystemWrite])
            granted.writePaths = ["/srv/work"]
            granted.denied.append(
                DeniedPath(pattern: "/srv/work/**/.git/hooks", access: .write, origin: .protected))
        }
        if all || self == .client { granted.granted.insert(.networkClient) }
        if all || self == .server {
            granted.granted.insert(.networkServer)
            granted.listen = [ListenRule(port: 8080)]
        }
        if all || self == .exec {
            granted.granted.insert(.exec)
            granted.commands = ["/usr/bin/dash"]
        }
        return granted
    }
}

enum PlanScene {
    static let files: FakeFiles = {
        var files = FakeFiles.machine
        files.text("/proc/version", "")
        files.text("/dev/null", "")
        files.text("/etc/hosts", "")
        files.folder("/srv/docs")
        files.folder("/srv/work")
        return files
    }()
    static let base = RuntimeBase(files: files)

    static func request(
        _ granted: EffectivePermissions, on kernel: KernelFeatures, _ isolation: Isolation
    ) -> BoxRequest {
        var host = HostFacts(kernel: kernel)
        host.uid = 1000
        host.gid = 1000
        host.directory = "/srv/docs"
        host.home = "/home/user"
        host.scratch = "/tmp/agentbound-box"
        host.accounts.passwd = "user:x:1000:1000::/home/user:/bin/sh\n"
        host.files = ["/dev/null", "/etc/hosts", "/usr/bin/node", "/usr/bin/dash"]
        var launch = LaunchChain(program: "/usr/bin/node", argv: ["node", "/srv/server/main.js"])
        launch.executable = ["/usr/bin/node", "/usr/lib64/ld-linux.so"]
        launch.readable = [ReadablePath("/srv/server", isFolder: true, reason: "package folder")]
        let commands = granted.commands.map { path in
            var chain = LaunchChain(program: path, argv: [path.string])
            chain.executable = [path]
            return chain
        }
        return BoxRequest(
            granted: granted, launch: launch, commands: commands, base: base, host: host, isolation: isolation)
    }

    static let kernels: [(name: String, kernel: KernelFeatures)] = [
        ("debian12", .debian12), ("ubuntu2404", .ubuntu2404), ("container", .container), ("linux618", .linux618),
    ]

    /// Both ways of isolation where the kernel has both.
    static func isolations(_ kernel: KernelFeatures) -> [Isolation] {
        kernel.namespaces == .available ? [.namespaces, .plain] : [.plain]
    }

    /// Every plan of an ordinary manifest on a known kernel.
    static let plans: [(name: String, plan: BoxPlan)] = kernels.flatMap { name, kernel in
        isolations(kernel).flatMap { isolation in
            OrdinaryManifest.allCases.map { manifest in
                ("\(name) \(isolation) \(manifest)", BoxPlan(request(manifest.granted, on: kernel, isolation)))
            }
        }
    }

    /// Every filter that those plans have, once, with the first plan that has it.
    static let filters: [(name: String, filter: SyscallFilter)] = {
        var seen: Set<SyscallFilter> = []
        return plans.compactMap { name, plan in
            guard let filter = plan.filter, seen.insert(filter).inserted else { return nil }
            return (name, filter)
        }
    }()
}

/// Texts that are kept beside the tests and compared. AGENTBOUND_RECORD=1 writes them anew.
enum Snapshot {
    static func expect(_ text: String, is name: String, file: String = #filePath) throws {
        let path = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(
            "Snapshots/\(name).txt")
        if ProcessInfo.processInfo.environment["AGENTBOUND_RECORD"] != nil {
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let now = text.split(separator: "\n", omittingEmptySubsequences: false)
        let changed = zip(kept, now).enumerated().first { $0.element.0 != $0.element.1 }
        let line = changed.map { "line \($0.offset + 1): was `\($0.element.0)`, is `\($0.element.1)`" }
        #expect(kept == now, "\(name) changed: \(line ?? "\(kept.count) lines were, \(now.count) are")")
    }
}
