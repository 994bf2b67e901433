package metrics_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// atkCard returns a card with something of everything.
func atkCard() *metrics.Scorecard {
	card, err := metrics.NewScorecard(metrics.Rules{
		Calendar: salesops.Calendar{FirstMonth: time.February, Holidays: []salesops.Date{on("2026-05-01")}, Weekend: []time.Weekday{0}},
		AsOf:     time.Date(2026, 6, 30, 12, 0, 0, 5, time.FixedZone("", -4*3600)),
	})
	check(err)
	half, more := d("0.5"), d("1000")
	for _, deal := range []metrics.Deal{
		{Owner: "Ana", Team: "East", Segment: "SMB", Account: "Acme", Status: metrics.Won, Amount: d("100.50"), List: d("120"), Created: on("2026-03-01"), Close: on("2026-04-15"), Proposed: on("2026-04-01")},
		{Owner: "Ana", Team: "East", Account: "Beta", Status: metrics.Won, Amount: d("70"), Created: on("2026-03-05"), Close: on("2026-04-20")},
		{Owner: "Ben", Team: "West", Account: "Acme", Status: metrics.Won, Amount: d("40"), List: d("30"), Close: on("2026-05-02")},
		{Owner: "Ben", Team: "West", Status: metrics.Lost, Amount: d("55"), Created: on("2026-03-05"), Close: on("2026-02-20")},
		{Owner: "Ana", Status: metrics.Dropped, Amount: d("5"), Created: on("2026-03-05"), Close: on("2026-03-05")},
		{Owner: "Ben", Amount: d("300"), Chance: &half, Created: on("2026-06-01"), Close: on("2026-08-01"), Active: on("2026-06-20"), NextStep: true, StageSince: on("2026-06-10")},
		{Owner: "Ana", Amount: d("20"), Close: on("2026-06-01"), Active: on("2026-06-01")},
		{Amount: d("-1")},
	} {
		deal.Currency = "EUR"
		check(card.AddDeal(deal))
	}
	check(card.AddQuota(metrics.Quota{Owner: "Ana", Period: period("2026-02-01", "2026-05-01"), Amount: d("150"), Currency: "EUR"}))
	check(card.AddQuota(metrics.Quota{Owner: "Ben", Period: period("2026-02-01", "2026-05-01"), Amount: d("900"), Credited: &more, Currency: "EUR"}))
	check(card.AddQuota(metrics.Quota{Team: "East", Period: period("2026-05-01", "2026-06-01"), Amount: d("90"), Currency: "EUR"}))
	came := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	check(card.AddLead(metrics.Lead{Owner: "Ana", Created: came, Touched: came.Add(4 * time.Minute), Qualified: true, Opportunity: true, Customer: true}))
	check(card.AddLead(metrics.Lead{Owner: "Ana", Created: came, Touched: came.Add(-time.Minute)}))
	check(card.AddLead(metrics.Lead{Owner: "Ben", Created: came}))
	for i, kind := range []metrics.ActivityKind{metrics.Call, metrics.Email, metrics.Meeting, metrics.NoShow} {
		check(card.AddActivity(metrics.Activity{Owner: "Ana", Date: on("2026-06-02"), Kind: kind, Count: int64(i)}))
	}
	check(card.AddWorkday(metrics.Workday{Owner: "Ana", Date: on("2026-06-02"), Worked: 8 * time.Hour, Selling: 3 * time.Hour}))
	check(card.AddRep(metrics.Rep{Name: "Ana", Team: "East", Active: salesops.Period{Start: on("2026-02-01")}}))
	check(card.AddRep(metrics.Rep{Name: "Cleo", Hired: on("2026-01-01"), Active: period("2026-02-01", "2026-06-01")}))
	return card
}

// atkAsk asks a card for all that it can tell.
func atkAsk(t *testing.T, c *metrics.Scorecard) {
	t.Helper()
	whole := c.All()
	figures, err := whole.Figures(metrics.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if v, ok := f.Float(); !ok || v-v != 0 || f.Reason != "" {
			t.Fatalf("%+v", f)
		}
		_ = f.String()
	}
	for _, id := range []metrics.ID{metrics.WinRate, metrics.SalesCycleMedian, metrics.DealSize, metrics.SalesCycleKM, metrics.WinRateCohort, metrics.ParticipationRate} {
		contrasts, err := whole.CompareBy(metrics.ByOwner, id, metrics.Options{}, metrics.Evidence{MinN: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range contrasts {
			if c.Difference != nil && *c.Difference-*c.Difference != 0 || c.Interval != nil && !(c.Interval.Low <= c.Interval.High) || c.P != nil && !(*c.P >= 0 && *c.P <= 1) {
				t.Fatalf("%+v", c)
			}
			_ = c.String()
		}
	}
}

func FuzzScorecard_binary(f *testing.F) { accFuzzBinary(f, atkCard(), atkAsk) }

func FuzzScorecard_json(f *testing.F) { accFuzzJSON(f, atkCard(), atkAsk) }

// atkReader makes rows of bytes.
type atkReader struct{ data []byte }

func (r *atkReader) byte() byte {
	if len(r.data) == 0 {
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *atkReader) int() int64 {
	var b [8]byte
	r.data = r.data[copy(b[:], r.data):]
	return int64(binary.LittleEndian.Uint64(b[:]))
}

// name returns one of a few names, or what there is.
func (r *atkReader) name() string {
	switch n := int(r.byte()); {
	case n < 200:
		return []string{"", "Ana", "Ben", "East", "\xff"}[n%5]
	case n-200 < len(r.data):
		s := string(r.data[:n-200])
		r.data = r.data[n-200:]
		return s
	}
	return ""
}

func (r *atkReader) date() salesops.Date {
	switch n := int(r.byte()); {
	case n < 40:
		return salesops.Date{}
	case n < 250:
		return on("2026-01-01").AddDays(n - 40)
	case n < 252:
		return on("9999-12-31")
	case n < 254:
		return on("0001-01-01")
	}
	return on("0001-01-01").AddDays(int(uint16(r.int())) * 55)
}

func (r *atkReader) time() time.Time {
	switch n := r.byte(); {
	case n < 40:
		return time.Time{}
	case n < 250:
		return time.Date(2026, 1, int(n)-40, 0, 0, int(uint16(r.int())), int(n), time.UTC)
	}
	return time.Unix(r.int(), r.int()).In(time.FixedZone("", int(int32(r.int()))))
}

func (r *atkReader) amount() decimal.Decimal {
	switch n := r.byte(); {
	case n < 200:
		return decimal.New(int64(uint16(r.int())), int32(n%8)-6)
	case n < 250:
		return decimal.New(r.int(), int32(n)-225)
	}
	return decimal.New(r.int(), int32(r.int()))
}

func (r *atkReader) maybe() *decimal.Decimal {
	if r.byte()%2 == 0 {
		return nil
	}
	v := r.amount()
	return &v
}

// row adds a row to a card.
func (r *atkReader) row(c *metrics.Scorecard) error {
	switch kind := r.byte(); kind % 6 {
	case 0:
		return c.AddDeal(metrics.Deal{
			Owner: r.name(), Team: r.name(), Account: r.name(), Amount: r.amount(), List: r.amount(), Currency: r.name(), Created: r.date(), Close: r.date(),
			Status:   []metrics.Status{"", metrics.Open, metrics.Won, metrics.Won, metrics.Lost, metrics.Dropped, "gone"}[r.byte()%7],
			Proposed: r.date(), Chance: r.maybe(), StageSince: r.date(), Active: r.date(), NextStep: kind > 100,
		})
	case 1:
		start := r.date()
		return c.AddQuota(metrics.Quota{
			Owner: r.name(), Team: r.name(), Period: salesops.Period{Start: start, End: start.AddMonths(int(r.byte() % 14))}, Amount: r.amount(), Currency: r.name(), Credited: r.maybe(),
		})
	case 2:
		return c.AddLead(metrics.Lead{Owner: r.name(), Created: r.time(), Touched: r.time(), Qualified: kind > 50, Opportunity: kind > 100, Customer: kind > 200})
	case 3:
		return c.AddActivity(metrics.Activity{
			Owner: r.name(), Date: r.date(), Count: r.int() >> (r.byte() % 64),
			Kind: []metrics.ActivityKind{metrics.Call, metrics.Email, metrics.Meeting, metrics.NoShow, ""}[r.byte()%5],
		})
	case 4:
		return c.AddWorkday(metrics.Workday{Owner: r.name(), Date: r.date(), Worked: time.Duration(r.int() >> 20), Selling: time.Duration(r.int() >> 22)})
	default:
		return c.AddRep(metrics.Rep{Name: r.name(), Team: r.name(), Hired: r.date(), Active: salesops.Period{Start: r.date(), End: r.date()}})
	}
}

// What is refused changes nothing and says why; what is accepted can be encoded, decoded and asked.
func FuzzScorecard_rows(f *testing.F) {
	f.Add([]byte{0})
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		data := make([]byte, 600)
		for i := range data {
			data[i] = byte(rng.Uint32())
		}
		copy(data, []byte{0, 0, 0, 0, 0, 0, 0}) // rules that are rules
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 2000 {
			return
		}
		r := &atkReader{data}
		rules := metrics.Rules{
			Unit:     []salesops.Unit{"", salesops.Week, salesops.Month, salesops.Quarter, salesops.Year, "day"}[r.byte()%6],
			Calendar: salesops.Calendar{FirstMonth: time.Month(r.byte() % 14), Weeks: []string{"", "4-4-5", "5-4-4", "5"}[r.byte()%4], WeekStart: time.Weekday(r.byte() % 8), EndInMonth: r.byte()%2 == 0},
			AsOf:     r.time(),
		}
		card, err := metrics.NewScorecard(rules)
		if err != nil {
			atkInput(t, err)
			return
		}
		for len(r.data) > 0 {
			before := accBinary(t, card)
			if err := r.row(card); err != nil {
				if atkInput(t, err); accBinary(t, card) != before {
					t.Fatalf("a row that was refused (%v) has changed the card", err)
				}
			}
		}
		var back, text metrics.Scorecard
		if err := back.UnmarshalBinary([]byte(accBinary(t, card))); err != nil || accBinary(t, &back) != accBinary(t, card) {
			t.Fatalf("%s does not come back: %v", accJSON(t, card), err)
		}
		if err := text.UnmarshalJSON([]byte(accJSON(t, card))); err != nil || accBinary(t, &text) != accBinary(t, card) {
			t.Fatalf("%s does not come back: %v", accJSON(t, card), err)
		}
		if err := back.Merge(card); err != nil && !errors.Is(err, metrics.ErrMismatch) {
			t.Fatal(err)
		}
		atkAsk(t, card)
		atkAsk(t, &back)
	})
}

// atkInput wants an error of this package about the input.
func atkInput(t interface {
	Helper()
	Fatalf(string, ...any)
}, err error,
) {
	t.Helper()
	var e *metrics.Error
	if !errors.As(err, &e) || !errors.Is(err, metrics.ErrInput) || e.Msg == "" {
		t.Fatalf("%#v (%v), want an Error of kind ErrInput", err, err)
	}
}
