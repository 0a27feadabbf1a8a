package node

import "github.com/libp2p/go-libp2p/core/peer"

const (
	unhealthy = "UnHealthy"
	minimally = "MinimallyHealthy"
	// From four peers in the mesh.
	sufficiently = "SufficientlyHealthy"
)

func healthOf(meshSize int) string {
	switch {
	case meshSize == 0:
		return unhealthy
	case meshSize < 4:
		return minimally
	}
	return sufficiently
}

// Graft is called when a peer joins the mesh of a topic.
func (t *tracer) Graft(id peer.ID, topic string) {
	if t.mesh[topic] == nil {
		t.mesh[topic] = map[peer.ID]struct{}{}
	}
	t.mesh[topic][id] = struct{}{}
	t.tellHealth(topic)
}

// Prune is called when a peer leaves the mesh of a topic, unless it has disconnected.
func (t *tracer) Prune(id peer.ID, topic string) {
	delete(t.mesh[topic], id)
	t.tellHealth(topic)
}

// RemovePeer is called when a peer has disconnected.
func (t *tracer) RemovePeer(id peer.ID) {
	for topic, peers := range t.mesh {
		if _, has := peers[id]; has {
			delete(peers, id)
			t.tellHealth(topic)
		}
	}
}

// Leave is called when this node unsubscribes.
func (t *tracer) Leave(topic string) {
	t.counts.left(topic)
	delete(t.mesh, topic)
	t.tellHealth(topic)
}

// tellHealth tells changes only. Every topic begins without health.
func (t *tracer) tellHealth(topic string) {
	before, known := t.health[topic]
	if !known {
		before = unhealthy
	}
	now := healthOf(len(t.mesh[topic]))
	t.health[topic] = now
	if now != before {
		t.feed.health(topic, now)
	}
}
