import AgentBox
import LinuxSystem
import PolicyEngine
import SystemPackage

/// The proxies of one box's buses, and the folder that their sockets are in.
struct BusAccess {
    private let scratch: Scratch
    private let proxy: BusProxy

    var folder: FilePath { scratch.path }

    /// Starts them, where the box may use a bus at all.
    init?(_ preparation: RunPreparation) throws(Refusal) {
        let buses = preparation.resolution.permissions.buses
        if buses.isEmpty { return nil }
        scratch = try Scratch(user: preparation.user, followsTMPDIR: false)
        do throws(BoxError) {
            proxy = try BusProxy(
                buses, folder: scratch.path, user: preparation.user, kernel: preparation.kernel,
                base: preparation.base.base)
        } catch {
            scratch.remove()
            throw Refusal(busProxy: error)
        }
    }

    func end() {
        proxy.end()
        scratch.remove()
    }
}
