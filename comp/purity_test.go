package comp_test

import (
	"reflect"

	"github.com/shopspring/decimal"
)

// eachDecimal changes every decimal inside what v points to, one after the other.
func eachDecimal(v any, change func(decimal.Decimal) decimal.Decimal) {
	var walk func(at reflect.Value)
	walk = func(at reflect.Value) {
		if n, ok := reflect.TypeAssert[decimal.Decimal](at); ok {
			if at.CanSet() {
				at.Set(reflect.ValueOf(change(n)))
			}
			return
		}
		switch at.Kind() {
		case reflect.Pointer:
			if !at.IsNil() {
				walk(at.Elem())
			}
		case reflect.Struct:
			for i := range at.NumField() {
				if at.Type().Field(i).IsExported() {
					walk(at.Field(i))
				}
			}
		case reflect.Slice:
			for i := range at.Len() {
				walk(at.Index(i))
			}
		case reflect.Map:
			for _, key := range at.MapKeys() {
				item := reflect.New(at.Type().Elem()).Elem()
				item.Set(at.MapIndex(key))
				walk(item)
				at.SetMapIndex(key, item)
			}
		}
	}
	walk(reflect.ValueOf(v))
}
