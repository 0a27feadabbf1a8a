package node

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// dials counts attempts to connect, under the names of nim-libp2p and of nwaku's peer manager.
type dials struct{ successful, failed atomic.Int64 }

func (d *dials) count(err error) error {
	if err == nil {
		d.successful.Add(1)
	} else {
		d.failed.Add(1)
	}
	return err
}

func (d *dials) register(metrics *prometheus.Registry) {
	add := func(name string, labels prometheus.Labels, value func() int64) {
		metrics.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: name, Help: "attempts to connect", ConstLabels: labels,
		}, func() float64 { return float64(value()) }))
	}
	add("libp2p_total_dial_attempts_total", nil, func() int64 { return d.successful.Load() + d.failed.Load() })
	add("libp2p_successful_dials_total", nil, d.successful.Load)
	add("libp2p_failed_dials_total", nil, d.failed.Load)
	add("waku_peers_dials_total", prometheus.Labels{"outcome": "successful"}, d.successful.Load)
	add("waku_peers_dials_total", prometheus.Labels{"outcome": "failed"}, d.failed.Load)
}
