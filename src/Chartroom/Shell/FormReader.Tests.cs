using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Chartroom.Shell;

public sealed class FormReaderTests
{
    private sealed record Room(string Name, int? Beds);

    private sealed record Ask(
        string Name, string? Remark, int Minutes, decimal? Weight, DateOnly Day, TimeOnly At, bool IsNew, ClinicRole Role, PatientId Patient,
        IReadOnlyList<string> Tags, IReadOnlyList<Room> Rooms, [AsTyped] string Password = "", int Size = 7);

    private static readonly Dictionary<string, StringValues> Good = new()
    {
        ["name"] = "  Zoë Łuc  ", ["remark"] = "  ", ["minutes"] = "30", ["weight"] = "", ["day"] = "2028-02-29", ["at"] = "09:30", ["isNew"] = "true",
        ["role"] = "front_desk", ["patient"] = "01975e5e-0000-7000-8000-000000000001", ["tags"] = new(["a", " ", "b"]),
        ["rooms[3].name"] = "Blue", ["rooms[0].name"] = "Red", ["rooms[0].beds"] = "2", ["password"] = " two spaces ",
    };

    private static Outcome<Ask> Read(string? field = null, string? value = null)
    {
        var fields = new Dictionary<string, StringValues>(Good);
        if (field is not null) fields[field] = value;
        return FormReader.Read<Ask>(new FormCollection(fields));
    }

    [Fact]
    public void A_form_becomes_the_record_that_the_api_reads_from_json()
    {
        var ask = Read().Value;

        Assert.Equal(("Zoë Łuc", null, 30, null, new DateOnly(2028, 2, 29), new TimeOnly(9, 30)), (ask.Name, ask.Remark, ask.Minutes, ask.Weight, ask.Day, ask.At));
        Assert.Equal((true, ClinicRole.FrontDesk, Good["patient"].ToString()), (ask.IsNew, ask.Role, ask.Patient.ToString()));
        Assert.Equal(["a", "b"], ask.Tags);
        Assert.Equal([new Room("Red", 2), new Room("Blue", null)], ask.Rooms);
        Assert.Equal((" two spaces ", 7), (ask.Password, ask.Size));
    }

    [Theory]
    [InlineData("day", "2026-02-29")]        // no leap year
    [InlineData("day", "")]                  // needed
    [InlineData("at", "24:00")]
    [InlineData("minutes", "30.5")]
    [InlineData("minutes", "99999999999")]   // wider than the type
    [InlineData("weight", "1e3")]            // no exponents: nobody means them
    [InlineData("role", "3")]                // a number is no name of a role
    [InlineData("role", "Owner")]
    [InlineData("patient", "{01975e5e-0000-7000-8000-000000000001}")]
    [InlineData("isNew", "maybe")]
    [InlineData("name", "a\0b")]             // PostgreSQL keeps no NUL
    [InlineData("rooms[3].beds", "two")]
    public void What_cannot_be_read_is_refused_at_its_field(string field, string value)
    {
        var refusal = Read(field, value).Refusal;

        Assert.Equal(("form.invalid", 422), (refusal?.Code, refusal?.Status));
        Assert.Equal([field], refusal!.Errors.Keys);
    }

    [Theory]
    [InlineData("day", "3/4/2026")]   // as people write it here: month first
    [InlineData("at", "9:30 AM")]
    [InlineData("isNew", "")]
    [InlineData("size", "")]          // its default
    public void What_people_write_otherwise_is_understood(string field, string value) => Assert.True(Read(field, value).IsOk);

    [Fact]
    public void All_wrong_fields_are_named_at_once()
    {
        var refusal = FormReader.Read<Ask>(new FormCollection(new() { ["minutes"] = "x" })).Refusal;

        Assert.Equal(["minutes", "day", "at", "role", "patient"], refusal!.Errors.Keys);
    }

    [Theory]
    [InlineData("name"), InlineData("minutes"), InlineData("isNew"), InlineData("rooms[0].name")]
    public void A_field_that_comes_twice_is_refused_instead_of_one_being_chosen(string field)
    {
        var fields = new Dictionary<string, StringValues>(Good) { [field] = new(["30", "45"]) };

        Assert.Contains(field, FormReader.Read<Ask>(new FormCollection(fields)).Refusal!.Errors.Keys);
    }

    [Fact]
    public void A_hostile_row_number_makes_no_rows() => Assert.Equal(2, Read("rooms[2000000000].name", "x").Value.Rooms.Count);

    [Fact]
    public void Lines_end_the_same_way_whatever_the_browser_sends() => Assert.Equal("a\nb", Read("remark", "a\r\nb").Value.Remark);
}
