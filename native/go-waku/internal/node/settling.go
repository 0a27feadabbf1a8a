package node

import "sync"

// settling waits for what gossipsub does with messages of ours and for the telling of it, once for all that are being
// published at a time: each wait goes through two goroutines that have other work.
type settling struct {
	settle func()

	mutex   sync.Mutex
	next    chan struct{}
	working bool
}

// settled gives a channel that is closed when everything that has begun until now has been done and told.
func (s *settling) settled() <-chan struct{} {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	if !s.working {
		s.working = true
		go s.work()
	}
	return s.next
}

func (s *settling) work() {
	for {
		s.mutex.Lock()
		waiting := s.next
		s.next = nil
		s.working = waiting != nil
		s.mutex.Unlock()
		if waiting == nil {
			return
		}
		s.settle()
		close(waiting)
	}
}

// settle returns when the sends of every message that gossipsub has begun with are counted and, where their lines are
// data, told.
func (r *running) settle() {
	// Answered by the goroutine that sends, so behind those sends.
	r.relay.PubSub().GetTopics()
	if !r.node.settings.MessageBatches {
		<-r.node.feed.told()
	}
}
