package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-msgio/pbio"
	"github.com/waku-org/go-waku/waku/v2/protocol/metadata/pb"

	"waku-desk/native/go-waku/internal/journal"
)

const (
	metadataProtocol = protocol.ID("/vac/waku/metadata/1.0.0")
	metadataTimeout  = 10 * time.Second
	// Of a request or response: far more than 65,536 shards need.
	metadataMaxBytes = 1 << 20
	// Between finding out that a peer is of another cluster and closing, so that the peer finds out too.
	farewell = 100 * time.Millisecond
	// Of peers that are remembered as refused.
	mostRefused = 1000
)

// metadata asks every peer for its cluster and shards and drops those of another cluster. go-waku's own does that too,
// but does not tell which cluster it was.
type metadata struct {
	run   *running
	mutex sync.Mutex
	peers map[peer.ID]*introduction
	// Why a peer was let go last, for whoever connects to it and comes to ask when it is gone.
	refused map[peer.ID]error
}

// introduction is what is known of one connected peer. The fields are read behind done.
type introduction struct {
	done   chan struct{}
	shards []uint32
	err    error
}

func newMetadata(r *running) *metadata {
	return &metadata{run: r, peers: map[peer.ID]*introduction{}, refused: map[peer.ID]error{}}
}

func (r *running) startMetadata() error {
	r.host.SetStreamHandler(metadataProtocol, func(stream network.Stream) {
		defer r.node.recoverLogged()
		r.metadata.answer(stream)
	})
	return nil
}

// connected begins to ask a new peer.
func (m *metadata) connected(c network.Conn) {
	id := c.RemotePeer()
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.peers[id] != nil || m.run.ctx.Err() != nil {
		return
	}
	known := &introduction{done: make(chan struct{})}
	m.peers[id] = known
	delete(m.refused, id)
	go func() {
		defer m.run.node.recoverLogged()
		m.ask(id, known)
	}()
}

func (m *metadata) forget(id peer.ID) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.peers, id)
}

func (m *metadata) of(id peer.ID) *introduction {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	return m.peers[id]
}

// shardsOf is nil while they are unknown.
func (m *metadata) shardsOf(id peer.ID) []uint32 {
	known := m.of(id)
	if known == nil {
		return nil
	}
	select {
	case <-known.done:
		return known.shards
	default:
		return nil
	}
}

// wait answers whether the peer belongs to us, once that is known.
func (m *metadata) wait(ctx context.Context, id peer.ID) error {
	m.mutex.Lock()
	known, refused := m.peers[id], m.refused[id]
	m.mutex.Unlock()
	if known == nil {
		if refused != nil {
			return refused
		}
		return errors.New("the peer has closed the connection")
	}
	select {
	case <-known.done:
		return known.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *metadata) ask(id peer.ID, known *introduction) {
	ctx, cancel := context.WithTimeout(m.run.ctx, metadataTimeout)
	defer cancel()
	response, err := m.requestAgain(ctx, id)
	if err == nil {
		err = m.check(response.ClusterId)
	}
	if err == nil {
		known.shards = append([]uint32{}, response.Shards...)
		if len(known.shards) == 0 {
			known.shards = append(known.shards, response.ShardsDeprecated...)
		}
	}
	m.settle(id, known, err)
}

// settle keeps the first verdict on a peer, which may come from its request or from its response.
func (m *metadata) settle(id peer.ID, known *introduction, err error) {
	m.mutex.Lock()
	select {
	case <-known.done:
		m.mutex.Unlock()
		return
	default:
	}
	known.err = err
	close(known.done)
	isCurrent := m.peers[id] == known
	if err != nil {
		if len(m.refused) > mostRefused {
			clear(m.refused)
		}
		m.refused[id] = err
	}
	m.mutex.Unlock()
	var other otherCluster
	if err == nil || m.run.ctx.Err() != nil || (!isCurrent && !errors.As(err, &other)) {
		return
	}
	m.run.node.journal.Log(journal.Info, "waku node peer_manager", "disconnecting from peer", func(line *journal.Line) {
		line.Text("file", "metadata.go")
		line.Text("peerId", journal.ShortPeer(id.String()))
		line.Quoted("reason", err.Error())
	})
	select {
	case <-time.After(farewell):
	case <-m.run.ctx.Done():
	}
	_ = m.run.host.Network().ClosePeer(id)
}

func (m *metadata) check(cluster *uint32) error {
	ours := uint32(m.run.node.settings.ClusterID)
	if cluster == nil {
		return errors.New("empty cluster-id reported")
	}
	if *cluster != ours {
		return otherCluster{ours, *cluster}
	}
	return nil
}

// otherCluster is told even when the peer has been faster to close.
type otherCluster struct{ ours, theirs uint32 }

func (e otherCluster) Error() string {
	return fmt.Sprintf("different clusterId reported: %d vs %d", e.ours, e.theirs)
}

// requestAgain asks again when the connection was closed under the request and the peer has another: after a restart it
// may be back before its end was noticed.
func (m *metadata) requestAgain(ctx context.Context, id peer.ID) (*pb.WakuMetadataResponse, error) {
	for {
		before := m.run.host.Network().ConnsToPeer(id)
		response, err := m.request(ctx, id)
		if err == nil || ctx.Err() != nil || !anyClosed(before) || len(m.run.host.Network().ConnsToPeer(id)) == 0 {
			return response, err
		}
	}
}

func anyClosed(conns []network.Conn) bool {
	return slices.ContainsFunc(conns, func(c network.Conn) bool { return c.IsClosed() })
}

func (m *metadata) request(ctx context.Context, id peer.ID) (*pb.WakuMetadataResponse, error) {
	stream, err := m.run.host.NewStream(ctx, id, metadataProtocol)
	if err != nil {
		return nil, fmt.Errorf("failed waku metadata codec request: %w", err)
	}
	defer stream.Close()
	if deadline, has := ctx.Deadline(); has {
		_ = stream.SetDeadline(deadline)
	}
	cluster, shards := m.ours()
	request := &pb.WakuMetadataRequest{ClusterId: cluster, Shards: shards, ShardsDeprecated: shards}
	response := &pb.WakuMetadataResponse{}
	err = pbio.NewDelimitedWriter(stream).WriteMsg(request)
	if err == nil {
		err = pbio.NewDelimitedReader(stream, metadataMaxBytes).ReadMsg(response)
	}
	if err != nil {
		_ = stream.Reset()
		return nil, fmt.Errorf("failed waku metadata codec request: %w", err)
	}
	return response, nil
}

func (m *metadata) ours() (*uint32, []uint32) {
	cluster := uint32(m.run.node.settings.ClusterID)
	var shards []uint32
	for _, shard := range m.run.shards() {
		shards = append(shards, uint32(shard))
	}
	return &cluster, shards
}

// answer also looks at what the peer says of itself: one of another cluster may close before it answers us.
func (m *metadata) answer(stream network.Stream) {
	defer stream.Close()
	_ = stream.SetDeadline(time.Now().Add(metadataTimeout))
	request := &pb.WakuMetadataRequest{}
	err := pbio.NewDelimitedReader(stream, metadataMaxBytes).ReadMsg(request)
	if err == nil {
		cluster, shards := m.ours()
		response := &pb.WakuMetadataResponse{ClusterId: cluster, Shards: shards, ShardsDeprecated: shards}
		err = pbio.NewDelimitedWriter(stream).WriteMsg(response)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		_ = stream.Reset()
		return
	}
	id := stream.Conn().RemotePeer()
	if err := m.check(request.ClusterId); err != nil {
		if known := m.of(id); known != nil {
			m.settle(id, known, err)
		}
	}
}
