import Foundation

/// A fresh folder that every account may use, removed with its owner.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// - Throws: ``CocoaError`` when the folder cannot be made.
    public init(_ name: String = "agentbound") throws {
        path = "/tmp/\(name)-\(UUID().uuidString.prefix(13))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try setMode(0o777, of: path)
    }

    deinit {
        // Tests leave folders without permissions behind, so a plain removal may fail the first time.
        if (try? FileManager.default.removeItem(atPath: path)) == nil {
            _ = try? TestSupport.run(["chmod", "-R", "u+rwx", path])
            try? FileManager.default.removeItem(atPath: path)
        }
    }
}

public func setMode(_ mode: Int, of path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}
