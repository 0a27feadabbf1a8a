package node

import (
	"strings"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/prometheus/client_golang/prometheus"
)

// streamCollector counts the streams that are open now.
type streamCollector struct{ run *running }

var (
	openStreams = prometheus.NewDesc("libp2p_open_streams", "open streams", []string{"type", "dir"}, nil)
	wakuStreams = prometheus.NewDesc("waku_streams_peers", "open streams by protocol", []string{"direction", "protocol"}, nil)
)

func (c streamCollector) Describe(to chan<- *prometheus.Desc) {
	to <- openStreams
	to <- wakuStreams
}

func (c streamCollector) Collect(to chan<- prometheus.Metric) {
	type place struct{ direction, protocol string }
	byDirection := map[string]int{"In": 0, "Out": 0}
	byProtocol := map[place]int{}
	for _, conn := range c.run.host.Network().Conns() {
		for _, stream := range conn.GetStreams() {
			direction := "In"
			if stream.Stat().Direction == network.DirOutbound {
				direction = "Out"
			}
			byDirection[direction]++
			if protocol := string(stream.Protocol()); strings.HasPrefix(protocol, "/vac/waku/") {
				byProtocol[place{direction, protocol}]++
			}
		}
	}
	for direction, count := range byDirection {
		// yamux is the only multiplexer here; nim-libp2p calls its streams so.
		to <- prometheus.MustNewConstMetric(openStreams, prometheus.GaugeValue, float64(count), "YamuxChannel", direction)
	}
	for at, count := range byProtocol {
		to <- prometheus.MustNewConstMetric(wakuStreams, prometheus.GaugeValue, float64(count), at.direction, at.protocol)
	}
}
