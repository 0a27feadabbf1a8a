package contexts

// Calls run on goroutines that are kept for the next ones, for a new one would grow its stack for each message again.

const keptWorkers = 64

var (
	work = make(chan func())
	kept = make(chan struct{}, keptWorkers)
)

// begin runs it on a goroutine of its own, and never waits.
func begin(run func()) {
	select {
	case work <- run:
	default:
		go func() {
			run()
			select {
			case kept <- struct{}{}:
			default:
				return
			}
			for run := range work {
				run()
			}
		}()
	}
}
