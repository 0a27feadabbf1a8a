package node

import "github.com/prometheus/client_golang/prometheus"

// traffic counts relay messages in place of go-waku's relay, which counts only those that it reads, and for all nodes of
// a process together.
type traffic struct {
	messages *prometheus.CounterVec
	sizes    prometheus.Histogram
}

func newTraffic() *traffic {
	return &traffic{
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "waku_node_messages", Help: "The number of the messages received",
		}, []string{"pubsubTopic"}),
		sizes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "waku_histogram_message_size", Help: "message size histogram in kB",
			Buckets: []float64{0.0, 5.0, 15.0, 50.0, 100.0, 300.0, 700.0, 1000.0},
		}),
	}
}

// replaceIn takes the place of go-waku's counters of the same names.
func (t *traffic) replaceIn(metrics *prometheus.Registry) {
	for _, ours := range []prometheus.Collector{t.messages, t.sizes} {
		metrics.Unregister(ours)
		metrics.MustRegister(ours)
	}
}

func (t *traffic) count(topic string, payloadBytes int) {
	t.messages.WithLabelValues(topic).Inc()
	t.sizes.Observe(float64(payloadBytes) / 1000)
}
