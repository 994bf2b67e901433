package crm_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"testing"

	"github.com/salesops-go/salesops/examples/internal/crm"
)

// export builds a Salesforce report of n rows as the sample company has them.
func export(n int) []byte {
	var b bytes.Buffer
	b.WriteString("Opportunity ID,Opportunity Name,Account Name,Opportunity Owner,Stage,Close Date,Amount,Amount Currency,Created Date,Type,Product Name,Region,Term (Months)\n")
	for i := range n {
		fmt.Fprintf(&b, "006%012d,Deal %d,\"Account %d, Inc.\",Owner %d,Closed Won,%d/%d/2026,\"%d,%03d.50\",USD,1/%d/2026,New,Product %d,EMEA,24\n",
			i, i, i%120, i%30, i%12+1, i%28+1, i%90+1, i%1000, i%28+1, i%6)
	}
	return b.Bytes()
}

// BenchmarkRead measures rows a second. The yardstick is encoding/csv alone, which
// splits the same bytes into cells and does nothing with them.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		text := export(n)
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				e, err := crm.Read(bytes.NewReader(text), "f", crm.Options{})
				if err != nil || e.Used != n {
					b.Fatal(err, e.Counts)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(fmt.Sprintf("yardstick/rows=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(text))
				r.ReuseRecord = true
				for {
					if _, err := r.Read(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
