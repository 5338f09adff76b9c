import Glibc
import LinuxSystem
import Testing

@Suite struct MeanwhileTests {
    @Test("What is made meanwhile is made once, on another thread, and waited for")
    func made() {
        let here = SystemThread.current
        let made = Meanwhile("meanwhile") { () -> CInt in
            usleep(20_000)
            return SystemThread.current
        }
        let thread = made.value
        #expect(thread != here)
        #expect(made.value == thread)
    }

    @Test("Many at once each have their own")
    func many() {
        let all = (0..<50).map { number in Meanwhile("meanwhile") { number * number } }
        #expect(all.map(\.value) == (0..<50).map { $0 * $0 })
    }
}
