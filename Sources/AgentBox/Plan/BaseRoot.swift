public import LinuxSystem
public import SystemPackage

/// The runtime base, and how a root begins that is made of it: the child mounts it while what is granted is worked out.
public struct BaseRoot: Hashable, Sendable {
    public let base: RuntimeBase
    /// The root as far as the base goes; `nil` where that depends on what is granted.
    let begun: RootPlan?

    public init(_ base: RuntimeBase) {
        self.base = base
        begun = nil
    }

    /// - Parameter origin: How the box is forked: only one with processes of its own has the same first mounts always.
    public init(_ base: RuntimeBase, for origin: ChildOrigin) {
        self.base = base
        begun = origin.namespaces & CLONE_NEWPID == 0 ? nil : RootPlan.begun(base)
    }

    /// The first mounts of every box of that origin on this machine.
    public var mounts: [MountStep] { begun?.steps ?? [] }

    /// The folder of the host over which the root of a box with such mounts is built.
    public static var place: FilePath { RootPlan.ownProcessesPlace }
}
