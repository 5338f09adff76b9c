import AgentBox
import AuditTrail
import LinuxSystem
import StrictJSON
import SystemPackage

/// What would be installed for a package runner, and from where: settled before anything is done.
struct PackageOutlook {
    let request: PackageRequest
    let registry: PackageRegistry

    init(_ runner: PackageRunner, _ environment: [String: String]) throws(Refusal) {
        do throws(PackageRefusal) {
            request = try PackageRequest(runner)
            let home = environment["HOME"].map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
            let npmrc = home.flatMap { try? readFile($0.appending(".npmrc")) }
            registry = try PackageRegistry(
                for: request, environment: environment, npmrc: npmrc.map { String(decoding: $0, as: UTF8.self) })
        } catch { throw Refusal(.launch(exitCode: 125), error.reason, next: error.next) }
    }

    /// For `inspect`.
    var text: String {
        """

        package    \(request.runner.package.terminalSafe) is not installed yet: `run` installs it first, `run --prepare` only installs it
          with    \(request.installer.rawValue), in a box of its own that writes one new folder
          from    \(registry.url.terminalSafe)  (\(registry.origin.terminalSafe))
          reaches \(registry.hosts.map { "\($0)" }.joined(separator: ", "))

        """
    }

    var json: JSONValue {
        [
            "package": .string(request.runner.package), "installer": .string(request.installer.rawValue),
            "registry": .string(registry.url), "origin": .string(registry.origin),
            "hosts": .strings(registry.hosts.map { "\($0)" }), "exact": .bool(request.runner.isExact),
        ]
    }
}
