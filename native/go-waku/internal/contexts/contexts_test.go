package contexts

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const config = `{"clusterId":16,"shards":[32],"tcpPort":0,"listenAddress":"127.0.0.1","logLevel":"FATAL"}`

type reply struct {
	ret  int
	text string
}

// created makes a context, or fails.
func created(t *testing.T) uint64 {
	t.Helper()
	var told reply
	id := New(config, func(ret int, text []byte) { told = reply{ret, string(text)} })
	if id == 0 || told.ret != 0 {
		t.Fatalf("%+v", told)
	}
	return id
}

// ask makes a call and waits for its answer.
func ask(t *testing.T, id uint64, name string, a Arguments) reply {
	t.Helper()
	answers := make(chan reply, 2)
	Call(id, name, a, func(ret int, text []byte) { answers <- reply{ret, string(text)} })
	select {
	case got := <-answers:
		return got
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: no answer", name)
		return reply{}
	}
}

func must(t *testing.T, id uint64, name string, a Arguments) string {
	t.Helper()
	got := ask(t, id, name, a)
	if got.ret != 0 {
		t.Fatalf("%s: %s", name, got.text)
	}
	return got.text
}

func TestTheTableHasTheFunctionsOfBothHeaders(t *testing.T) {
	var declared []string
	for _, name := range []string{"generation-b.h", "gowaku.h"} {
		header, err := os.ReadFile("../../../abi/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?m)^\w+ \*?((?:go)?waku_\w+)\(`).FindAllStringSubmatch(string(header), -1) {
			declared = append(declared, match[1])
		}
	}
	offered := append(slices.Collect(maps.Keys(functions)), "waku_new", "waku_set_event_callback", "waku_destroy")
	slices.Sort(declared)
	slices.Sort(offered)
	if len(declared) != 40 || !slices.Equal(declared, offered) {
		t.Errorf("declared %v\noffered  %v", declared, offered)
	}
}

func TestGarbageToEveryFunctionIsAnswered(t *testing.T) {
	id := created(t)
	must(t, id, "waku_start", Arguments{})
	names := slices.Sorted(maps.Keys(functions))
	for _, a := range []Arguments{
		{},
		{Text1: "\xff\xfe{", Text2: "}\x00", Number1: -1, Number2: 1 << 40},
		{Text1: `{"payload":"YQ","contentTopic":"a"}`, Text2: strings.Repeat("[", 10_000), Number1: 1},
		{Text1: "/waku/2/rs/16/32", Text2: `{"payload":null,"contentTopic":null,"timestamp":[]}`, Number1: 50},
	} {
		for _, name := range names {
			// A name server would be asked for; stopping and starting have tests of their own.
			if name == "waku_dns_discovery" || name == "waku_stop" {
				continue
			}
			if got := ask(t, id, name, a); strings.Contains(got.text, "a defect") {
				t.Errorf("%s: %s", name, got.text)
			}
		}
	}
	must(t, id, "waku_destroy", Arguments{})
}

func TestADestroyedContextAndOneThatNeverWasAreErrors(t *testing.T) {
	id := created(t)
	must(t, id, "waku_destroy", Arguments{})
	for _, unknown := range []uint64{id, 0, 1 << 60} {
		for name := range functions {
			answered := false
			if Call(unknown, name, Arguments{}, func(ret int, text []byte) { answered = ret == 1 && len(text) > 0 }) || !answered {
				t.Errorf("%s on %d: accepted, or not answered at once", name, unknown)
			}
		}
		SetEvents(unknown, nil)
	}
	if got := ask(t, id, "waku_destroy", Arguments{}); got.ret != 1 {
		t.Error("destroyed twice")
	}
	if next := created(t); next <= id {
		t.Errorf("context %d after %d: a number came again", next, id)
	} else {
		must(t, next, "waku_destroy", Arguments{})
	}
}

func TestABadConfigurationMakesNoContext(t *testing.T) {
	for _, bad := range []string{"", "{", `{"what":1}`} {
		var told reply
		if id := New(bad, func(ret int, text []byte) { told = reply{ret, string(text)} }); id != 0 || told.ret != 1 || told.text == "" {
			t.Errorf("%q: %d, %+v", bad, id, told)
		}
	}
}

func TestCallsInFlightAreAnsweredBeforeDestroy(t *testing.T) {
	for range 5 {
		id := created(t)
		must(t, id, "waku_start", Arguments{})
		var answered, failed atomic.Int32
		var destroyed atomic.Bool
		const calls = 40
		// Nobody answers there: it would take 30 s.
		hanging := Arguments{Text1: "/ip4/10.255.255.1/tcp/9/p2p/16Uiu2HAmLsotMH2GeUp4aSqANHiv1o2fAE5urnjyyLngksUNuka8", Number1: 30_000}
		publishing := Arguments{Text1: "/waku/2/rs/16/32", Text2: `{"payload":"YQ","contentTopic":"a"}`}
		for i := range calls {
			name, a := "waku_connect", hanging
			if i%2 == 0 {
				name, a = "waku_relay_publish", publishing
			}
			Call(id, name, a, func(ret int, _ []byte) {
				if destroyed.Load() {
					t.Error("an answer came after destroy's")
				}
				if ret == 1 {
					failed.Add(1)
				}
				answered.Add(1)
			})
		}
		began := time.Now()
		done := make(chan struct{})
		Call(id, "waku_destroy", Arguments{}, func(ret int, text []byte) {
			if ret != 0 || answered.Load() != calls {
				t.Errorf("destroy: %d %s, %d of %d answered before", ret, text, answered.Load(), calls)
			}
			destroyed.Store(true)
			close(done)
		})
		<-done
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("destroy took %s", took)
		}
	}
}

func TestATimeLimitIsKept(t *testing.T) {
	id := created(t)
	must(t, id, "waku_start", Arguments{})
	began := time.Now()
	got := ask(t, id, "waku_connect", Arguments{
		Text1:   "/ip4/10.255.255.1/tcp/9/p2p/16Uiu2HAmLsotMH2GeUp4aSqANHiv1o2fAE5urnjyyLngksUNuka8",
		Number1: 200,
	})
	if got.ret != 1 || time.Since(began) > 2*time.Second {
		t.Errorf("%+v after %s", got, time.Since(began))
	}
	must(t, id, "waku_destroy", Arguments{})
}

func TestEventsGoToTheReceiverOfTheMoment(t *testing.T) {
	a, b := created(t), created(t)
	var mutex sync.Mutex
	var events []string
	SetEvents(a, func(_ int, text []byte) {
		mutex.Lock()
		defer mutex.Unlock()
		events = append(events, string(text))
	})
	must(t, a, "waku_start", Arguments{})
	must(t, b, "waku_start", Arguments{})
	address := strings.Split(must(t, b, "waku_listen_addresses", Arguments{}), ",")[0]
	must(t, a, "waku_connect", Arguments{Text1: address, Number1: 5_000})
	seen := func() int { mutex.Lock(); defer mutex.Unlock(); return len(events) }
	for range 500 {
		if seen() >= 2 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if seen() < 2 {
		t.Error("no events")
	}
	SetEvents(a, nil)
	time.Sleep(20 * time.Millisecond)
	before := seen()
	must(t, a, "waku_disconnect_all_peers", Arguments{})
	must(t, b, "waku_destroy", Arguments{})
	must(t, a, "waku_destroy", Arguments{})
	if seen() != before {
		t.Error("an event came without a receiver")
	}
}
