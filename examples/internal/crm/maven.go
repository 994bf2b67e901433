package crm

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A catalogue holds what the Maven data set tells beside the pipeline.
type catalogue struct {
	from, to int // its opportunities within the company's
	products []mavenProduct
	accounts []mavenAccount
}

type mavenProduct struct{ name, series, price string }

type mavenAccount struct{ name, sector string }

func (l *listReader) mavenProduct() mavenProduct {
	l.number("sales_price", l.need("sales_price"))
	return mavenProduct{l.need("product"), l.text("series"), l.text("sales_price")}
}

func (l *listReader) mavenAccount() mavenAccount {
	return mavenAccount{l.need("account"), l.text("sector")}
}

// join completes the opportunities of the Maven pipeline from the other files.
func (d *dirReader) join() {
	m := d.maven
	if m.from == m.to {
		return
	}
	products := make(map[string]mavenProduct, len(m.products))
	for _, p := range m.products {
		products[productKey(p.name)] = p
	}
	sectors := make(map[string]string, len(m.accounts))
	for _, a := range m.accounts {
		sectors[a.name] = a.sector
	}
	reps := make(map[string]Rep, len(d.Reps))
	for _, r := range d.Reps {
		reps[r.Name] = r
	}
	respelt := map[string]int{}
	noAccount := 0
	for i := m.from; i < m.to; i++ {
		o := &d.Opportunities[i]
		tag := func(key, value string) {
			if value == "" {
				return
			}
			if o.Tags == nil {
				o.Tags = make(map[string]string, 5)
			}
			o.Tags[key] = value
		}
		if p, ok := products[productKey(o.Product)]; ok {
			if p.name != o.Product {
				respelt[fmt.Sprintf("%q is %q", o.Product, p.name)]++
				o.Product = p.name
			}
			tag("series", p.series)
			tag("sales_price", p.price)
		}
		if o.Account == "" {
			noAccount++
		}
		tag("sector", sectors[o.Account])
		tag("region", reps[o.Owner].Region)
		tag("manager", reps[o.Owner].Manager)
	}
	for _, k := range slices.Sorted(maps.Keys(respelt)) {
		d.Notes = append(d.Notes, fmt.Sprintf("%d opportunities: product %s in the list of products", respelt[k], k))
	}
	if noAccount > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%d opportunities have no account", noAccount))
	}
}

// productKey is what products are compared by: letters and digits only.
func productKey(s string) string {
	return strings.ToLower(strings.ReplaceAll(s, " ", ""))
}
