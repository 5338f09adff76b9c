import Foundation
import TestSupport

/// The command line that boxes a command, as an operator would type it.
struct Boxed {
    let scene: Scene
    let grants: Grants
    let mode: Isolation
    /// A layer that is left out, by its name.
    var without: String?

    /// - Throws: When the manifest cannot be written.
    func command(_ server: [String], extra: [String] = []) throws -> [String] {
        let permissions = grants.permissions.map { "\"mcp.ac.\($0)\"" }.joined(separator: ", ")
        let manifest = try scene.write(
            "manifest.json", "{\"description\": \"a test\", \"permissions\": [\(permissions)]}")
        return scene.account.prefix
            + (without.map { [Products.runner, $0] } ?? [Products.agentbound])
            + ["run", manifest, "--yes", "--no-audit", "--isolation", mode.rawValue]
            + scene.resolve(grants.flags) + extra + ["--"] + server
    }

    var environment: [String: String] {
        var environment = TestEnvironment.plain
        environment["XDG_STATE_HOME"] = scene.folder.path + "/state"
        environment["SECRET_TOKEN"] = "hidden"
        return environment
    }

    /// For a server whose standard input ends at once and that ends by itself, however busy the machine is.
    static let grace = ["--grace", "100"]

    /// Runs the act in the box; the working directory is the scene's `work`.
    func run(_ act: [String]) throws -> Finished {
        let hasGrace = grants.flags.contains("--grace")
        return try TestSupport.run(
            command([Products.victim] + scene.resolve(act), extra: hasGrace ? [] : Self.grace),
            environment: environment,
            folder: scene.folder.path + "/work")
    }

    /// Starts any command in the box.
    func start(_ command: [String], extra: [String] = [], folder: String? = nil) throws -> Finished {
        try TestSupport.run(
            self.command(command, extra: Self.grace + extra), environment: environment,
            folder: folder ?? scene.folder.path + "/work")
    }

    /// A box in which one act after another can be tried. Its client left a descriptor open.
    func series() throws -> Series {
        try Series(
            ["sh", "-c", "exec 9</dev/null; exec \"$@\"", "sh"] + command([Products.victim, "series"]),
            environment: environment, folder: scene.folder.path + "/work")
    }
}

/// The same outside, as the same account with the same environment, below a parent of that account.
func seriesOutside(in scene: Scene) throws -> Series {
    var environment = TestEnvironment.plain
    environment["SECRET_TOKEN"] = "hidden"
    return try Series(
        scene.account.prefix + ["sh", "-c", "exec 9</dev/null; \"$@\"; exit $?", "sh", Products.victim, "series"],
        environment: environment, folder: scene.folder.path + "/work")
}
