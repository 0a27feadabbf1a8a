package node

import (
	"bytes"
	"runtime/debug"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

// addGauges adds what libwaku has and go-waku has not, under libwaku's names.
func (r *running) addGauges() {
	r.bytes.register(r.metrics)
	r.dials.register(r.metrics)
	r.metrics.MustRegister(streamCollector{r})
	gauge := func(name, help string, value func() int) {
		r.metrics.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return float64(value()) }))
	}
	gauge("libp2p_peers", "total connected peers", func() int { return len(r.host.Network().Peers()) })
	gauge("waku_peer_store_size", "number of peers that are known", func() int { return len(r.host.Peerstore().Peers()) })
	if r.relay == nil {
		return
	}
	gauge("libp2p_pubsub_peers", "pubsub peers", func() int { return len(r.relay.PubSub().ListPeers("")) })
	gauge("libp2p_pubsub_topics", "pubsub topics that are subscribed", func() int { return len(r.probes.names()) })
	r.metrics.MustRegister(meshCollector{r})
}

// meshCollector has its gauges for each topic that is subscribed now.
type meshCollector struct{ run *running }

var (
	meshSize      = prometheus.NewDesc("libp2p_gossipsub_peers_per_topic_mesh", "peers in the mesh of a topic", []string{"topic"}, nil)
	topicHandlers = prometheus.NewDesc("libp2p_pubsub_topic_handlers", "who gets the messages of a topic", []string{"topic"}, nil)
)

func (c meshCollector) Describe(to chan<- *prometheus.Desc) {
	to <- meshSize
	to <- topicHandlers
}

func (c meshCollector) Collect(to chan<- prometheus.Metric) {
	for _, topic := range c.run.probes.names() {
		peers := float64(len(c.run.relay.PubSub().MeshPeers(topic)))
		to <- prometheus.MustNewConstMetric(meshSize, prometheus.GaugeValue, peers, topic)
		to <- prometheus.MustNewConstMetric(topicHandlers, prometheus.GaugeValue, 1, topic)
	}
}

// Metrics in Prometheus' text form.
func (n *Node) Metrics() (string, error) {
	r, err := n.started()
	if err != nil {
		return "", err
	}
	families, err := r.metrics.Gather()
	if err != nil {
		return "", err
	}
	var text bytes.Buffer
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(&text, family); err != nil {
			return "", err
		}
	}
	return text.String(), nil
}

// Version of go-waku and libp2p, in one line.
func Version() string {
	versions := map[string]string{}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			versions[module.Path] = module.Version
		}
	}
	version := func(path string) string {
		if known := versions[path]; known != "" {
			return known
		}
		return "(unknown)"
	}
	return strings.Join([]string{
		"go-waku " + version("github.com/waku-org/go-waku"),
		"libp2p " + version("github.com/libp2p/go-libp2p"),
	}, ", ")
}
