internal import CChildLaunch
internal import Glibc
internal import SystemPackage

/// Memory in C's layout, all freed together: what the child reads between fork and exec.
@safe final class CArena {
    // Freed in deinit only; nothing reads them from here.
    private var blocks: [UnsafeMutableRawPointer] = unsafe []

    deinit { while let block = unsafe blocks.popLast() { unsafe free(block) } }

    /// A copy of the text, ended by a zero byte.
    func string(_ text: String) -> UnsafeMutablePointer<CChar> {
        let copy = unsafe strdup(text)!
        unsafe blocks.append(copy)
        return unsafe copy
    }

    /// A copy of the values, in order; one zeroed element more, so that lists of pointers are ended.
    func array<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let size = MemoryLayout<T>.stride
        let block = unsafe calloc(values.count + 1, size)!
        unsafe blocks.append(block)
        let typed = unsafe block.bindMemory(to: T.self, capacity: values.count + 1)
        for (index, value) in values.enumerated() { unsafe typed[index] = value }
        return unsafe typed
    }

    private func strings(_ values: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        let block = unsafe calloc(values.count + 1, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)!
        unsafe blocks.append(block)
        let typed = unsafe block.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: values.count + 1)
        for (index, value) in values.enumerated() { unsafe typed[index] = unsafe string(value) }
        return unsafe typed
    }

    /// Every field but the descriptors, which belong to one launch.
    func fill(_ raw: inout child_plan, from plan: ChildPlan, filter: [BPFInstruction], waitKillable: Bool) {
        unsafe raw.namespaces = UInt64(plan.namespaces)
        unsafe raw.stub_sockets = plan.stubSockets ? 1 : 0
        unsafe raw.ipv6 = plan.ipv6 ? 1 : 0
        unsafe raw.uid = plan.user.map { UInt64($0.uid) } ?? .max
        unsafe raw.gid = plan.user.map { UInt64($0.gid) } ?? .max
        unsafe raw.drop_groups = plan.dropGroups ? 1 : 0
        unsafe raw.new_user_namespace = plan.namespaces & CLONE_NEWUSER != 0 ? 1 : 0
        unsafe raw.map_uid = geteuid()
        unsafe raw.map_gid = getegid()
        unsafe raw.mounts = UnsafePointer(array(plan.mounts.map { unsafe mount($0) }))
        unsafe raw.mount_count = UInt64(plan.mounts.count)
        unsafe raw.root_place = UnsafePointer(string(plan.rootPlace.string))
        unsafe raw.rules = UnsafePointer(
            array(plan.innerRules.map { unsafe child_rule(path: string($0.path.string), access: $0.access.rawValue) }))
        unsafe raw.rule_count = UInt64(plan.innerRules.count)
        unsafe raw.limits = UnsafePointer(
            array(plan.limits.map { child_limit(resource: $0.resource, unused: 0, soft: $0.soft, hard: $0.hard) }))
        unsafe raw.limit_count = UInt64(plan.limits.count)
        if !filter.isEmpty {
            let code = unsafe array(
                filter.map { sock_filter(code: $0.code, jt: $0.jumpTrue, jf: $0.jumpFalse, k: $0.k) })
            unsafe raw.filter = UnsafePointer(array([sock_fprog(len: UInt16(filter.count), filter: code)]))
        }
        let newListener: UInt32 = 1 << 3, killable: UInt32 = 1 << 5
        unsafe raw.filter_flags = filter.notifies ? newListener | (waitKillable ? killable : 0) : 0
        unsafe raw.directory = UnsafePointer(string(plan.directory.string))
        unsafe raw.path = UnsafePointer(string(plan.program.string))
        unsafe raw.argv = UnsafePointer(strings(plan.arguments))
        unsafe raw.envp = UnsafePointer(strings(plan.environment))
    }

    private func mount(_ step: MountStep) -> child_mount {
        var raw = unsafe child_mount()
        func set(_ kind: child_mount_kind, source: String?, target: String) {
            unsafe raw.kind = Int32(kind.rawValue)
            unsafe raw.source = source.map { unsafe UnsafePointer(string($0)) }
            unsafe raw.target = UnsafePointer(string(target))
        }
        switch step {
        case .directory(let target, let mode):
            set(MOUNT_DIRECTORY, source: nil, target: target)
            unsafe raw.attributes = mode
        case .tmpfs(let target, let options): set(MOUNT_TMPFS, source: options, target: target)
        case .proc(let target): set(MOUNT_PROC, source: nil, target: target)
        case .symlink(let target, let destination): set(MOUNT_SYMLINK, source: destination, target: target)
        case .file(let target, let text, let mode):
            set(MOUNT_FILE, source: text, target: target)
            unsafe raw.attributes = mode
        case .bind(let source, let target, let attributes, let identity):
            set(MOUNT_BIND, source: source.string, target: target)
            unsafe raw.attributes = attributes.rawValue
            unsafe raw.device = identity?.device ?? 0
            unsafe raw.inode = identity?.inode ?? 0
        }
        return unsafe raw
    }
}
