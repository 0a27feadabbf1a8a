package node

import (
	"context"
	"net"
	"sync/atomic"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/prometheus/client_golang/prometheus"
)

// networkBytes counts what goes over all connections, as it is on the wire: handshakes and encryption included. The
// security transport is the first to get a connection, so it gets one that counts.
type networkBytes struct{ in, out atomic.Int64 }

// noise makes the security transport whose connections are counted.
func (b *networkBytes) noise(id protocol.ID, key crypto.PrivKey, muxers []upgrader.StreamMuxer) (*countingNoise, error) {
	transport, err := noise.New(id, key, muxers)
	if err != nil {
		return nil, err
	}
	return &countingNoise{Transport: transport, bytes: b}, nil
}

func (b *networkBytes) register(metrics *prometheus.Registry) {
	total := func(direction string, value *atomic.Int64) {
		metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name:        "libp2p_network_bytes_total",
			Help:        "bytes on all connections",
			ConstLabels: prometheus.Labels{"direction": direction},
		}, func() float64 { return float64(value.Load()) }))
	}
	total("in", &b.in)
	total("out", &b.out)
}

type countingNoise struct {
	*noise.Transport
	bytes *networkBytes
}

func (c *countingNoise) SecureInbound(ctx context.Context, insecure net.Conn, p peer.ID) (sec.SecureConn, error) {
	return c.Transport.SecureInbound(ctx, countedConn{insecure, c.bytes}, p)
}

func (c *countingNoise) SecureOutbound(ctx context.Context, insecure net.Conn, p peer.ID) (sec.SecureConn, error) {
	return c.Transport.SecureOutbound(ctx, countedConn{insecure, c.bytes}, p)
}

type countedConn struct {
	net.Conn
	bytes *networkBytes
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.in.Add(int64(n))
	return n, err
}

func (c countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.out.Add(int64(n))
	return n, err
}
