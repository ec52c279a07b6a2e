using System.Globalization;
using System.Reflection;
using Chartroom.Charts;
using Chartroom.Exports;
using Chartroom.Import;
using Chartroom.Patients;

namespace Chartroom.Cda;

/// <summary>Entries that say everything they can: a field added to the chart and forgotten on the way out or in is found here.</summary>
public sealed class WholeEntryTests
{
    /// <summary>What means something in this clinic only: the visit behind an encounter, and warnings, which go out as comments.</summary>
    private static readonly string[] Stays = [nameof(Entry.Encounter.VisitId), nameof(Entry.Accepted)];

    public static TheoryData<string> Kinds => [.. typeof(Entry).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Entry)) && type != typeof(Entry.Note)).Select(type => type.Name)];

    [Theory, MemberData(nameof(Kinds))]
    public void Nothing_that_an_entry_can_say_is_lost_in_either_form(string kind)
    {
        var whole = (Entry)Filled(typeof(Entry).GetNestedType(kind)!, "");

        AssertArrives(whole, chart => CdaDocument.Read(CdaDocument.Write(chart)));
        AssertArrives(whole, chart => FhirBundle.Read(FhirWriter.Write(chart)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_status_arrives_as_what_it_was_and_an_absent_one_stays_absent(string kind)
    {
        var type = typeof(Entry).GetNestedType(kind)!;
        foreach (var property in type.GetProperties().Where(property => Bare(property.PropertyType).IsEnum && property.CanWrite))
        {
            IEnumerable<object?> values = Enum.GetValues(Bare(property.PropertyType)).Cast<object?>();
            if (Nullable.GetUnderlyingType(property.PropertyType) is not null) values = values.Append(null);
            foreach (var value in values)
            {
                var entry = (Entry)Filled(type, "");
                property.SetValue(entry, value);

                AssertArrives(entry, chart => CdaDocument.Read(CdaDocument.Write(chart)));
                AssertArrives(entry, chart => FhirBundle.Read(FhirWriter.Write(chart)));
            }
        }
    }

    [Fact]
    public void Every_form_of_a_reading_arrives()
    {
        Reading?[] readings =
        [
            null, new() { Text = "no growth" }, new() { Concept = new() { Text = "Positive", Codings = [new("http://snomed.info/sct", "10828004", null)] } }, new() { Amount = new(5.60m, null) },
            new() { Amount = new(1.0m, "10 tablets") }, new() { Amount = new(0.5m, "mg/dL", null, "<") }, new() { Amount = new(60m, "mL", null, ">=") }, new() { Amount = new(1m, "g"), UpTo = new(2.50m, "g") },
        ];
        foreach (var reading in readings)
        {
            var result = new Entry.Result { Status = ObservationStatus.Final, What = new() { Code = new() { Text = "Sample" }, Value = reading } };

            AssertArrives(result, chart => CdaDocument.Read(CdaDocument.Write(chart)));
            AssertArrives(result, chart => FhirBundle.Read(FhirWriter.Write(chart)));
        }
    }

    private static void AssertArrives(Entry entry, Func<OutgoingChart, Outcome<ReadBundle>> through)
    {
        var line = new PatientLine { Id = PatientId.New(), Mrn = 1, State = PatientState.Active, Name = "", Sex = Sex.Unknown, SeenAt = default };
        var chart = new OutgoingChart(new(line, new Demographics { Names = [new() { Family = "Sample" }] }, 1, default, default), [new(EntryId.New(), null, entry)], new(Guid.CreateVersion7(), "Clinic", "Ada"), default);

        Assert.Equal(RoundTripTests.Said(entry), RoundTripTests.Said(Assert.Single(through(chart).Value.Patients.Single().Entries).Entry.Content));
    }

    private static object Filled(Type type, string name)
    {
        if (type == typeof(string)) return name switch { "Type" => "intolerance", "PeriodUnit" => "d", "Key" => null!, "Severity" => "moderate", "Comparator" => null!, "MediaType" => "text/plain", "Url" => "https://sender.example/file", "Unit" => "mg", "By" or "By1" or "Place" or "Specimen" or "Manufacturer" or "Lot" => $"{name} in one line", _ => $"{name} in\ntwo lines" };
        if (type == typeof(PartialTime)) return PartialTime.TryParse(name is "Expires" ? "2027-05" : $"20{name.Length + 10}-03-07T10:11:12.5-05:00", out var time) ? time : throw new InvalidOperationException();
        if (type == typeof(decimal)) return 1.50m;
        if (type == typeof(int)) return 3;
        if (type == typeof(bool)) return true;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1)!;
        if (type == typeof(Reading)) return new Reading { Amount = new(1.50m, "mg", "milligram") };
        if (type == typeof(Coding)) return new Coding("http://codes.example/" + name, name.ToLowerInvariant(), name + " display");
        if (type == typeof(EntryReference)) return new EntryReference(null, "Title of it");
        if (type == typeof(Quantity)) return new Quantity(2.0m, "mg", "milligram");
        if (type == typeof(ReferenceRange)) return new ReferenceRange(1.0m, 2.50m, "words");
        var made = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && !Stays.Contains(property.Name) && property.Name != "Bytes")) property.SetValue(made, Value(property));
        return made;
    }

    /// <summary>Lists have two items, the second by another name.</summary>
    private static object? Value(PropertyInfo property)
    {
        if (property.PropertyType is not { IsGenericType: true } list || list.GetGenericTypeDefinition() != typeof(IReadOnlyList<>)) return Filled(Bare(property.PropertyType), property.Name);
        var of = list.GetGenericArguments()[0];
        var items = Array.CreateInstance(of, 2);
        for (var number = 0; number < 2; number++) items.SetValue(Filled(of, property.Name + (number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture))), number);
        return items;
    }

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
