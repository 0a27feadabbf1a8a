package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/waku-org/go-waku/waku/v2/protocol"
	"github.com/waku-org/go-waku/waku/v2/protocol/filter"
	"github.com/waku-org/go-waku/waku/v2/protocol/relay"
	"github.com/waku-org/go-waku/waku/v2/protocol/subscription"
)

// filterInbox takes what filter peers push. go-waku hands every push to its broadcaster; its subscription channels are
// left aside, because they lose messages when they are full.
type filterInbox struct {
	relay.Broadcaster
	feed *feed
}

// Submit tells the message.
func (i filterInbox) Submit(e *protocol.Envelope) { i.feed.throughFilter(e.PubsubTopic(), e.Message()) }

// filterSubscriptions are those that hold now, oldest first.
type filterSubscriptions struct {
	mutex sync.Mutex
	held  []*subscription.SubscriptionDetails
}

// FilterSubscribe asks a connected filter peer for messages of these content topics, separated by commas.
func (n *Node) FilterSubscribe(ctx context.Context, topic, contentTopics string) error {
	r, wanted, err := n.filtering(topic, contentTopics)
	if err != nil {
		return err
	}
	id, err := r.provider(filter.FilterSubscribeID_v20beta1, topic)
	if err != nil {
		return err
	}
	made, err := r.filterClient.Subscribe(ctx, wanted, filter.WithPeer(id))
	if err != nil {
		return fmt.Errorf("the filter peer %s has not subscribed: %w", id, err)
	}
	r.filterSubs.mutex.Lock()
	defer r.filterSubs.mutex.Unlock()
	for _, one := range made {
		// Messages come through the inbox.
		go func() {
			for range one.C {
				continue
			}
		}()
	}
	r.filterSubs.held = append(r.filterSubs.held, made...)
	return nil
}

// FilterUnsubscribe ends the subscription of content topics at all peers that have it.
func (n *Node) FilterUnsubscribe(ctx context.Context, topic, contentTopics string) error {
	r, unwanted, err := n.filtering(topic, contentTopics)
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	result, err := r.filterClient.Unsubscribe(ctx, unwanted, filter.WithWaitGroup(&wait))
	if err != nil {
		return err
	}
	return firstOf(result)
}

// FilterUnsubscribeAll ends all filter subscriptions.
func (n *Node) FilterUnsubscribeAll(ctx context.Context) error {
	r, err := n.started()
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	result, err := r.filterClient.UnsubscribeAll(ctx, filter.WithWaitGroup(&wait))
	if err != nil {
		return err
	}
	return firstOf(result)
}

func firstOf(result *filter.WakuFilterPushResult) error {
	var all []error
	for _, one := range result.Errors() {
		all = append(all, one.Err)
	}
	return errors.Join(all...)
}

func (n *Node) filtering(topic, contentTopics string) (*running, protocol.ContentFilter, error) {
	r, err := n.started()
	if err != nil {
		return nil, protocol.ContentFilter{}, err
	}
	var wanted []string
	for _, one := range strings.Split(contentTopics, ",") {
		if one = strings.TrimSpace(one); one != "" {
			wanted = append(wanted, one)
		}
	}
	if topic == "" || len(wanted) == 0 {
		return nil, protocol.ContentFilter{}, errors.New("a pubsub topic and content topics are needed")
	}
	return r, protocol.NewContentFilter(topic, wanted...), nil
}
