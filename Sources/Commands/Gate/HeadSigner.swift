import AuditTrail
import Glibc
import LinuxSystem
import Synchronization
import SystemPackage

/// Signs where the journal ends while a gateway runs: no record stays unsigned for longer than ``delay``, so a tail that is cut off
/// later shows, also of a gateway that was killed.
///
/// All that a call costs is a look at a flag. The disk and the signature are waited for in a thread that is there only while something is
/// unsigned; a gateway where nothing happens has none.
final class HeadSigner: Sendable {
    private let audit: AuditWriter
    private let state: FilePath
    private let delay: Duration
    /// Whether a thread will sign what is written now.
    private let isComing = Atomic(false)

    /// - Parameters:
    ///   - state: The state folder, which has the key.
    ///   - delay: From a record to the signature that holds it.
    /// - Returns: `nil` where this user has no key. A session's end is signed by a key that is made meanwhile, all the same.
    init?(_ audit: AuditWriter, state: FilePath, delay: Duration = .seconds(60)) {
        // A key that cannot be used signs nothing, here and at the end of a session.
        guard (try? AuditKey.existing(state)) ?? nil != nil else { return nil }
        self.audit = audit
        self.state = state
        self.delay = delay
    }

    /// Something is on record that is not signed yet.
    func recorded() {
        guard !isComing.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Without a thread the next record tries again.
        do { try SystemThread.start("signer") { [self] in sign() } } catch {
            isComing.store(false, ordering: .releasing)
        }
    }

    private func sign() {
        _ = usleep(UInt32(delay / .microseconds(1)))
        // What is written from here on is for the next thread.
        isComing.store(false, ordering: .releasing)
        // A head must not name what a loss of power can take: what it names is on the disk first, as far as it was there now.
        guard (try? audit.flush()) != nil, let key = try? AuditKey.existing(state) else { return }
        _ = try? audit.sign(with: key)
    }
}
