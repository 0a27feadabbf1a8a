//go:build !windows

package main

import (
	"encoding/binary"
	"sync/atomic"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"google.golang.org/protobuf/encoding/protowire"
)

// flight is a run that is being sent. What is in `places` has been published and is not in the peer's queue yet.
type flight struct {
	run    uint32
	sent   []bool
	places chan struct{}
}

// sender is told by gossipsub what it gives to the queue of a peer. Its methods run on gossipsub's goroutine.
type sender struct{ flight atomic.Pointer[flight] }

// SendRPC is called when a peer's queue has taken an RPC.
func (s *sender) SendRPC(rpc *pubsub.RPC, _ peer.ID) {
	way := s.flight.Load()
	if way == nil {
		return
	}
	for _, message := range rpc.Publish {
		// The payload is the first field of a Waku message.
		payload, _ := protowire.ConsumeBytes(message.Data[1:])
		if len(payload) < 8 || binary.BigEndian.Uint32(payload) != way.run {
			continue
		}
		if index := int(binary.BigEndian.Uint32(payload[4:])); index < len(way.sent) && !way.sent[index] {
			way.sent[index] = true
			<-way.places
		}
	}
}

// The rest is of no interest.

func (s *sender) AddPeer(peer.ID, protocol.ID)          {}
func (s *sender) RemovePeer(peer.ID)                    {}
func (s *sender) Join(string)                           {}
func (s *sender) Leave(string)                          {}
func (s *sender) Graft(peer.ID, string)                 {}
func (s *sender) Prune(peer.ID, string)                 {}
func (s *sender) ValidateMessage(*pubsub.Message)       {}
func (s *sender) DeliverMessage(*pubsub.Message)        {}
func (s *sender) RejectMessage(*pubsub.Message, string) {}
func (s *sender) DuplicateMessage(*pubsub.Message)      {}
func (s *sender) ThrottlePeer(peer.ID)                  {}
func (s *sender) RecvRPC(*pubsub.RPC)                   {}
func (s *sender) DropRPC(*pubsub.RPC, peer.ID)          {}
func (s *sender) UndeliverableMessage(*pubsub.Message)  {}
