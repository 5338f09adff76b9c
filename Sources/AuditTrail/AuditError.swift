public import LinuxSystem
public import SystemPackage

/// Why the journal, or another file of the state folder, cannot be used.
public enum AuditError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Neither `XDG_STATE_HOME` nor `HOME` names an absolute path.
    case noStateFolder
    /// Somebody else could change what is written there.
    case untrusted(FilePath, Distrust)
    /// The end of the journal holds no line that could be continued.
    case damaged(FilePath)
    /// The key file holds no private key.
    case damagedKey(FilePath)
    /// A system call failed; it names the call, the errno and the path.
    case system(SyscallError)

    public enum Distrust: Hashable, Sendable {
        case relative, symbolicLink
        case notAFolder, notARegularFile
        case ownedBy(UInt32)
        /// The mode, of which the write bit of the group or of others is set.
        case writableByOthers(mode: UInt32)
        /// The mode of a secret that is none.
        case readableByOthers(mode: UInt32)
    }

    public var description: String {
        switch self {
        case .noStateFolder: "neither XDG_STATE_HOME nor HOME names an absolute path"
        case .untrusted(let path, let why): "\(path.string.terminalSafe): \(why)"
        case .damaged(let path): "\(path.string.terminalSafe): no intact line near its end"
        case .damagedKey(let path): "\(path.string.terminalSafe): not a private key"
        case .system(let error): error.description.terminalSafe
        }
    }
}

extension AuditError.Distrust: CustomStringConvertible {
    public var description: String {
        switch self {
        case .relative: "not an absolute path"
        case .symbolicLink: "a symbolic link"
        case .notAFolder: "not a folder"
        case .notARegularFile: "not a regular file"
        case .ownedBy(let user): "owned by user \(user)"
        case .writableByOthers(let mode): "others may write it (mode 0\(String(mode, radix: 8)))"
        case .readableByOthers(let mode): "others may read it (mode 0\(String(mode, radix: 8)))"
        }
    }
}
