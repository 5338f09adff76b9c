import AgentBox
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// The box's own folder for temporary files in plain mode, gone when the box is.
struct Scratch {
    let path: FilePath

    /// - Parameter user: Whom it is to belong to, where that is not the launcher.
    init(user: UserIdentity?) throws(Refusal) {
        var name = Array("/tmp/agentbound-XXXXXX".utf8CString)
        // mkdtemp writes into the array's last six letters.
        let made: FilePath? = unsafe name.withUnsafeMutableBufferPointer { buffer in
            guard let result = unsafe mkdtemp(buffer.baseAddress!) else { return nil }
            return unsafe FilePath(String(cString: result))
        }
        guard let made else {
            throw Refusal(
                .system, "cannot make a folder in /tmp: \(Errno(rawValue: errno))", next: "make /tmp writable")
        }
        path = made
        if let user { _ = unsafe chown(made.string, user.uid, user.gid) }
    }

    /// Removes what the server left there.
    func remove() { FolderCalls.removeTree(path) }
}
