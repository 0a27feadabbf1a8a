package node

import (
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/waku-org/go-waku/waku/v2/protocol/pb"

	"waku-desk/native/go-waku/internal/journal"
	"waku-desk/native/go-waku/internal/message"
)

// maxFeedBytes of messages wait for a reader that is too slow; what comes then is lost, counted and told.
const maxFeedBytes = 256 << 20

type happeningKind uint8

const (
	received happeningKind = iota
	echoed
	sent
	filtered
	healthChanged
	connectionChanged
	barrier
)

// happening is what a node has to tell, in the order in which it happened.
type happening struct {
	kind    happeningKind
	message *relayed
	peer    peer.ID
	timeNs  int64
	// Of healthChanged and connectionChanged: what it is now. Of filtered: the pubsub topic.
	text  string
	state string
	// Of a barrier: closed when all before it has been told.
	passed chan struct{}
}

// Lines that nobody needs at once are written together, when there are so many, or the first is so old.
const (
	manyLineBytes = 64 << 10
	oldLines      = 50 * time.Millisecond
)

// feed is the one queue between what happens in the node, where nothing may ever wait, and the program. One goroutine
// empties it: it writes the log lines of a batch, then gives the events of that batch, then opens the barriers. With
// batches of messages lines are no data, and may come behind their events.
type feed struct {
	journal *journal.Journal
	myPeer  string
	emit    func(ret int, text []byte)
	// Messages are told in batches, and own ones are not.
	inBatches bool
	traffic   *traffic

	mutex   sync.Mutex
	waiting []happening
	bytes   int
	lost    uint64
	closed  bool
	wake    chan struct{}
	ended   chan struct{}

	// Of the goroutine alone.
	lines []byte
	text  []byte
	came  message.Batch
	names map[peer.ID]peerNames
}

func newFeed(j *journal.Journal, myPeer string, inBatches bool, emit func(ret int, text []byte)) *feed {
	f := &feed{
		journal:   j,
		myPeer:    myPeer,
		inBatches: inBatches,
		traffic:   newTraffic(),
		emit:      emit,
		wake:      make(chan struct{}, 1),
		ended:     make(chan struct{}),
		names:     map[peer.ID]peerNames{},
	}
	go f.work()
	return f
}

// tell never waits.
func (f *feed) tell(h happening) {
	f.mutex.Lock()
	if f.closed {
		f.mutex.Unlock()
		if h.passed != nil {
			close(h.passed)
		}
		return
	}
	size := h.size()
	if size > 0 && f.bytes+size > maxFeedBytes {
		f.lost++
		f.mutex.Unlock()
		return
	}
	f.bytes += size
	f.waiting = append(f.waiting, h)
	// Under the lock, because close closes the channel.
	select {
	case f.wake <- struct{}{}:
	default:
	}
	f.mutex.Unlock()
}

func (h *happening) size() int {
	if h.message == nil || h.kind == sent {
		return 0
	}
	return len(h.message.data) + 512
}

func (f *feed) health(topic, state string) {
	f.tell(happening{kind: healthChanged, text: topic, state: state})
}

func (f *feed) connection(id peer.ID, state string) {
	f.tell(happening{kind: connectionChanged, peer: id, state: state})
}

// throughFilter tells of a message that came by filter.
func (f *feed) throughFilter(topic string, m *pb.WakuMessage) {
	f.tell(happening{kind: filtered, text: topic, message: &relayed{topic: topic, waku: m}})
}

// told gives a channel that is closed when everything until now has been told.
func (f *feed) told() <-chan struct{} {
	passed := make(chan struct{})
	f.tell(happening{kind: barrier, passed: passed})
	return passed
}

func (f *feed) isClosed() bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.closed
}

// close tells the rest and waits for it. Nothing is told afterwards.
func (f *feed) close() {
	f.mutex.Lock()
	if !f.closed {
		f.closed = true
		close(f.wake)
	}
	f.mutex.Unlock()
	<-f.ended
}

func (f *feed) work() {
	defer close(f.ended)
	var batch []happening
	old := time.NewTimer(oldLines)
	for open := true; open; {
		select {
		case _, open = <-f.wake:
			hadLines := len(f.lines) > 0
			batch = f.tellBatch(batch)
			if !hadLines && len(f.lines) > 0 {
				old.Reset(oldLines)
			}
		case <-old.C:
			f.writeLines()
		}
	}
	f.tellBatch(batch)
	f.writeLines()
}

func (f *feed) writeLines() {
	f.journal.Write(f.lines)
	f.lines = f.lines[:0]
	const keptBytes = 1 << 20
	if cap(f.lines) > keptBytes {
		f.lines = nil
	}
}

// tellBatch takes a used slice for the next batch, and gives one back.
func (f *feed) tellBatch(spare []happening) []happening {
	f.mutex.Lock()
	batch := f.waiting
	lost := f.lost
	f.waiting, f.bytes, f.lost = spare[:0], 0, 0
	f.mutex.Unlock()

	for i := range batch {
		f.guarded(func() { f.addLine(&batch[i]) })
	}
	if !f.inBatches || len(f.lines) >= manyLineBytes {
		f.writeLines()
	}
	if lost > 0 {
		f.emit(1, []byte(fmt.Sprintf("%d messages were lost: their reader is too slow", lost)))
	}
	for i := range batch {
		f.guarded(func() { f.addEvent(&batch[i]) })
	}
	f.tellCame()
	for i := range batch {
		if batch[i].passed != nil {
			close(batch[i].passed)
		}
		batch[i] = happening{}
	}
	return batch
}

// guarded keeps the feed alive: without it the node would be silent for good.
func (f *feed) guarded(tell func()) {
	defer func() {
		if panicked := recover(); panicked != nil {
			f.journal.Log(journal.Error, "waku node", "telling has panicked", func(line *journal.Line) {
				line.Text("reason", fmt.Sprint(panicked))
				line.Text("stack", string(debug.Stack()))
			})
		}
	}()
	tell()
}
