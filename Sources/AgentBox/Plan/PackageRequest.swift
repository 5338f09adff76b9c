public import SystemPackage

/// What has to be installed for a package runner: which installer, which package, from where. Pure.
public struct PackageRequest: Hashable, Sendable {
    /// The programs that install; the runners of one family share one.
    public enum Installer: String, Hashable, Sendable { case npm, uv, pipx }

    public let runner: PackageRunner
    public let installer: Installer
    /// Packages beside it, in the same environment: `uvx --with`.
    public let additions: [String]
    /// Which Python: a version or a path.
    public let python: String?
    /// The registry that the command names.
    public let registry: String?
    /// Options that are handed on as they are.
    public let others: [String]
    /// The option that says to start only what is installed.
    public let offline: String?

    /// Name of the package without its version.
    public var name: String { runner.nameAndVersion.name }

    /// What makes two requests the same: as many parts as were said, in one text.
    public var identity: String {
        ([installer.rawValue, runner.package, python ?? "", registry ?? ""] + additions + others)
            .map { "\($0.utf8.count):\($0)" }.joined()
    }

    /// Who installs for a runner; `nil` where nothing here can.
    public static func installer(for kind: PackageRunner.Kind) -> Installer? {
        switch kind {
        case .npx, .npmExec, .pnpmDlx, .yarnDlx, .bunx: .npm
        case .uvx: .uv
        case .pipxRun: .pipx
        case .uvRun, .npmRun, .dockerRun: nil
        }
    }

    /// - Throws: ``PackageRefusal`` when it is nothing that a registry has, or says something that is not followed.
    public init(_ runner: PackageRunner) throws(PackageRefusal) {
        guard let installer = Self.installer(for: runner.kind) else {
            throw PackageRefusal("`\(runner.kind.name) \(runner.package)` cannot start inside a box", runner.next)
        }
        self.runner = runner
        self.installer = installer
        var additions: [String] = [], others: [String] = []
        var python: String?, registry: String?, offline: String?
        for option in runner.options {
            let value = option.value ?? ""
            switch (installer, option.name) {
            case (_, "-q"), (_, "--quiet"), (.npm, "-y"), (.npm, "--yes"), (.npm, "--silent"), (.npm, "--loglevel"),
                (.npm, "--prefer-offline"), (.npm, "--prefer-online"), (.uv, "--isolated"), (.uv, "--no-progress"),
                (.uv, "--system-certs"), (.uv, "--native-tls"), (.uv, "--refresh"), (.pipx, "--no-cache"):
                break
            case (.npm, "--no-install"), (.npm, "--no"), (.npm, "--offline"), (.uv, "--offline"): offline = option.name
            case (.npm, "--registry"), (.uv, "--index-url"), (.uv, "-i"), (.uv, "--default-index"),
                (.pipx, "--index-url"), (.pipx, "-i"):
                registry = value
            case (.uv, "--python"), (.uv, "-p"), (.pipx, "--python"): python = value
            case (.uv, "--with"), (.uv, "-w"): additions += value.split(separator: ",").map(String.init)
            case (.uv, "--prerelease"), (.uv, "--resolution"), (.uv, "--exclude-newer"):
                others += [option.name, value]
            default:
                throw PackageRefusal(
                    "`\(runner.kind.name) \(option.name)` is not followed when a package is installed in a box",
                    runner.next)
            }
        }
        (self.additions, self.others) = (additions, others)
        (self.python, self.registry, self.offline) = (python, registry, offline)
        for package in [runner.package] + additions {
            guard Self.isFromRegistry(package, installer) else {
                throw PackageRefusal("`\(package)` is not the name of a package in a registry", runner.next)
            }
        }
    }

    /// `name`, `@scope/name`, each with a version; no path, no URL, no repository. PEP 508, npm-package-arg
    static func isFromRegistry(_ package: String, _ installer: Installer) -> Bool {
        var rest = package[...]
        if installer == .npm, rest.hasPrefix("@") {
            guard let slash = rest.firstIndex(of: "/"), rest.distance(from: rest.startIndex, to: slash) > 1 else {
                return false
            }
            guard rest[..<slash].dropFirst().allSatisfy(isNameCharacter) else { return false }
            rest = rest[slash...].dropFirst()
        }
        guard let first = rest.unicodeScalars.first, first.properties.isAlphabetic || ("0"..."9").contains(first),
            rest.allSatisfy({ $0.isASCII })
        else { return false }
        let name = rest.prefix(while: isNameCharacter)
        let version = rest[name.endIndex...]
        return version.allSatisfy { isNameCharacter($0) || "@=<>~!^*,[]+ |".contains($0) }
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }
}

/// Why a package is not installed, and what to do about it.
public struct PackageRefusal: Error, Hashable, Sendable {
    public let reason: String
    public let next: String

    public init(_ reason: String, _ next: String) { (self.reason, self.next) = (reason, next) }
}

/// A package that agentbound installed, as it is recorded: a later start takes it from here and asks nobody.
public struct PreparedPackage: Hashable, Sendable {
    public var name: String
    public var version: String
    /// Its own folder, which holds nothing else.
    public var folder: FilePath
    /// Where it came from: a URL.
    public var registry: String
    /// `2026-11-21`.
    public var date: String

    public init(name: String, version: String, folder: FilePath, registry: String, date: String) {
        (self.name, self.version, self.folder) = (name, version, folder)
        (self.registry, self.date) = (registry, date)
    }
}

/// What was installed before.
public protocol PackageRecords: Sendable {
    func package(for runner: PackageRunner) -> PreparedPackage?
}

public struct NoPackageRecords: PackageRecords {
    public init() {}
    public func package(for runner: PackageRunner) -> PreparedPackage? { nil }
}
