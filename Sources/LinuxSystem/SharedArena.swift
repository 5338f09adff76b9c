internal import CChildLaunch
internal import Glibc
internal import SystemPackage

/// Memory in C's layout that a child forked later has in common with its launcher, at the same address: the launcher
/// writes the plan there after the fork, and the child reads it when told to. Nothing is freed singly.
@safe final class SharedArena {
    /// Room for a plan of some hundred thousand paths; pages that nobody writes cost nothing.
    private static let size = 256 << 20
    // Unmapped in deinit only; `used` never exceeds `size`.
    private let start: UnsafeMutableRawPointer
    private var used = 0

    init() throws(SyscallError) {
        let flags = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE
        let place = unsafe mmap(nil, Self.size, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let place = unsafe place, unsafe place != MAP_FAILED else {
            throw SyscallError(call: "mmap", errno: Errno(rawValue: Glibc.errno))
        }
        unsafe start = place
    }

    deinit { unsafe munmap(start, Self.size) }

    /// Zeroed memory, aligned for every type of C.
    private func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
        let place = unsafe start + used
        used += (bytes + 15) & ~15
        precondition(used <= Self.size, "the plan is larger than the memory that is set aside for it")
        return unsafe place
    }

    /// A zeroed value.
    func make<T: BitwiseCopyable>(_ type: T.Type) -> UnsafeMutablePointer<T> {
        unsafe reserve(MemoryLayout<T>.stride).bindMemory(to: T.self, capacity: 1)
    }

    /// A copy of the text, ended by a zero byte.
    func string(_ text: String) -> UnsafeMutablePointer<CChar> {
        var text = text
        return text.withUTF8 { bytes in
            let copy = unsafe reserve(bytes.count + 1)
            if let from = bytes.baseAddress { unsafe copy.copyMemory(from: from, byteCount: bytes.count) }
            return unsafe copy.bindMemory(to: CChar.self, capacity: bytes.count + 1)
        }
    }

    /// A copy of the values, in order; one zeroed element more, so that lists of pointers are ended.
    func array<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutablePointer<T> {
        let block = unsafe reserve((values.count + 1) * MemoryLayout<T>.stride)
        let typed = unsafe block.bindMemory(to: T.self, capacity: values.count + 1)
        for (index, value) in values.enumerated() { unsafe typed[index] = value }
        return unsafe typed
    }

    private func strings(_ values: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
        let block = unsafe reserve((values.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
        let typed = unsafe block.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: values.count + 1)
        for (index, value) in values.enumerated() { unsafe typed[index] = unsafe string(value) }
        return unsafe typed
    }

    /// The mounts that come first.
    func fillBase(_ raw: UnsafeMutablePointer<child_plan>, _ steps: [MountStep], place: FilePath) {
        unsafe raw.pointee.base = UnsafePointer(array(steps.map { unsafe mount($0) }))
        unsafe raw.pointee.base_count = UInt64(steps.count)
        unsafe raw.pointee.root_place = UnsafePointer(string(place.string))
    }

    /// The child's root, but for its first mounts if it has them, and its network.
    func fillRoot(_ raw: UnsafeMutablePointer<child_plan>, from plan: ChildPlan, after base: Int?) {
        unsafe raw.pointee.stub_sockets = plan.stubSockets ? 1 : 0
        unsafe raw.pointee.ipv6 = plan.ipv6 ? 1 : 0
        unsafe raw.pointee.mounts = UnsafePointer(array(plan.mounts.dropFirst(base ?? 0).map { unsafe mount($0) }))
        unsafe raw.pointee.mount_count = UInt64(plan.mounts.count - (base ?? 0))
        if base == nil { unsafe raw.pointee.root_place = UnsafePointer(string(plan.rootPlace.string)) }
    }

    /// What confines it, and what it becomes.
    func fillServer(_ raw: UnsafeMutablePointer<child_plan>, from plan: ChildPlan) {
        unsafe raw.pointee.rules = UnsafePointer(
            array(plan.innerRules.map { unsafe child_rule(path: string($0.path.string), access: $0.access.rawValue) }))
        unsafe raw.pointee.rule_count = UInt64(plan.innerRules.count)
        unsafe raw.pointee.limits = UnsafePointer(
            array(plan.limits.map { child_limit(resource: $0.resource, unused: 0, soft: $0.soft, hard: $0.hard) }))
        unsafe raw.pointee.limit_count = UInt64(plan.limits.count)
        unsafe raw.pointee.keep_descriptors = plan.keepsDescriptors ? 1 : 0
        unsafe raw.pointee.directory = UnsafePointer(string(plan.directory.string))
        unsafe raw.pointee.path = UnsafePointer(string(plan.program.string))
        unsafe raw.pointee.argv = UnsafePointer(strings(plan.arguments))
        unsafe raw.pointee.envp = UnsafePointer(strings(plan.environment))
    }

    func fillFilter(_ raw: UnsafeMutablePointer<child_plan>, _ filter: [BPFInstruction], waitKillable: Bool) {
        if !filter.isEmpty {
            let code = unsafe array(
                filter.map { sock_filter(code: $0.code, jt: $0.jumpTrue, jf: $0.jumpFalse, k: $0.k) })
            unsafe raw.pointee.filter = UnsafePointer(array([sock_fprog(len: UInt16(filter.count), filter: code)]))
        }
        let newListener: UInt32 = 1 << 3, killable: UInt32 = 1 << 5
        unsafe raw.pointee.filter_flags = filter.notifies ? newListener | (waitKillable ? killable : 0) : 0
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
        case .terminals(let target): set(MOUNT_TERMINALS, source: nil, target: target)
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
