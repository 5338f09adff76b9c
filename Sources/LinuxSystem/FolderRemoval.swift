internal import Glibc
public import SystemPackage

extension FolderCalls {
    /// Removes a folder and all that is in it, however deep it is, whatever its names are and who may enter it. Links are
    /// removed, not followed, also when one is put in a folder's place meanwhile: nothing is done by path.
    public static func removeTree(_ path: FilePath) {
        guard let top = try? OwnedDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) else { return }
        var moved = 0
        // Folders inside folders come up to the top, so that no depth needs more than two descriptors.
        while names(in: top).reduce(false, { remove($1, in: top, &moved) || $0 }) {}
        _ = unsafe path.withPlatformString { unsafe rmdir($0) }
    }

    /// - Returns: Whether it is gone.
    private static func remove(_ name: [CChar], in top: borrowing OwnedDescriptor, _ moved: inout Int) -> Bool {
        if unlinkOrRemove(name, in: top) { return true }
        guard let folder = openForRemoval(name, in: top) else { return false }
        for inner in names(in: folder) {
            if unlinkOrRemove(inner, in: folder) { continue }
            _ = openForRemoval(inner, in: folder)  // only who may write a folder may move it
            repeat {
                moved += 1
            } while unsafe renameat(
                folder.rawValue, inner, top.rawValue, "agentbound-\(moved)") == -1
                && (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
        }
        return unlinkOrRemove(name, in: top)
    }

    private static func unlinkOrRemove(_ name: [CChar], in folder: borrowing OwnedDescriptor) -> Bool {
        // The array ends with a zero and lives for the calls.
        unsafe unlinkat(folder.rawValue, name, 0) == 0 || unlinkat(folder.rawValue, name, AT_REMOVEDIR) == 0
    }

    /// Opens a folder for listing, and gives its owner all rights first.
    private static func openForRemoval(_ name: [CChar], in parent: borrowing OwnedDescriptor) -> OwnedDescriptor? {
        let flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let handle = unsafe openat(parent.rawValue, name, O_PATH | flags)
        guard handle != -1 else { return nil }
        let held = OwnedDescriptor(rawValue: handle)
        _ = unsafe chmod("/proc/self/fd/\(held.rawValue)", 0o700)
        let opened = unsafe openat(held.rawValue, ".", O_RDONLY | flags)
        return opened == -1 ? nil : OwnedDescriptor(rawValue: opened)
    }

    /// The names in a folder, to the byte, each with a zero behind it.
    private static func names(in folder: borrowing OwnedDescriptor) -> [[CChar]] {
        let again = unsafe openat(folder.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard again != -1, let stream = unsafe fdopendir(again) else { return [] }
        defer { unsafe closedir(stream) }  // and the descriptor with it
        var found: [[CChar]] = []
        while let entry = unsafe readdir(stream) {
            // The name ends with a zero byte inside the record.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    unsafe Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
                }
            }
            if name != [46, 0] && name != [46, 46, 0] { found.append(name) }
        }
        return found
    }
}
