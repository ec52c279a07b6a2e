using System.Globalization;
using Chartroom.Patients;

namespace Chartroom.Demo;

/// <summary>Two hundred plainly made-up people, the same at every installation: a fixed seed, telephone numbers of the 555-01xx range kept for fiction, example.org addresses.</summary>
internal static class DemoPeople
{
    private static readonly string[] Families =
    [
        "Abernathy", "Bergström", "Castellano", "D'Amico", "Eze", "Fitzgerald", "García López", "Haddad", "Ivanov", "Jarrow", "Kowalczyk", "Larkspur", "Müller", "Nakamura",
        "O'Rourke", "Petrov", "Quintero", "Rosewood", "Smith", "Smithson", "Thornbury", "Umarov", "Vandermeer", "Whitlock", "Xiong", "Yılmaz", "Zamora", "Smith-Jones", "Nguyen", "Okafor",
    ];
    private static readonly string[] Women =
    [
        "Agnes", "Beatriz", "Chiara", "Doris", "Élodie", "Frances", "Greta", "Hana", "Imani", "Joan", "Katarzyna", "Linh", "Mabel", "Noor", "Olive", "Priya", "Rosa", "Soledad", "Tova", "Wanda",
    ];
    private static readonly string[] Men =
    [
        "Albert", "Bao", "Cedric", "Dmitri", "Emeka", "Frank", "Gustavo", "Henry", "Ismail", "John", "Kenji", "Leopold", "Milo", "Nils", "Oscar", "Pavel", "Quentin", "Rafael", "Søren", "Walter",
    ];
    private static readonly string[] Streets = ["Alder Court", "Birch Lane", "Canal Street", "Dogwood Road", "Elm Street", "Ferry Landing", "Granite Way", "Harbor View"];
    private static readonly string[] Alerts = ["Comes by wheelchair: room on the ground floor", "Hard of hearing: speak to the left side", "Call the daughter before changing a time"];
    private static readonly string[] Payers = ["Blue Heron Health", "Cedar Mutual", "Granite State Care", "Medicare", "Riverbend HMO"];

    public static IEnumerable<Demographics> All(DateOnly today)
    {
        var dice = new Random(20260101);
        for (var number = 0; number < 200; number++)
        {
            var one = One(dice, number, today);
            yield return one.Languages[0].Tag == "es" && number % 2 == 0 ? one with { Interpreter = "Spanish" } : one;
        }
    }

    private static Demographics One(Random dice, int number, DateOnly today)
    {
        var isWoman = dice.Next(2) == 0;
        var family = Pick(dice, Families);
        var born = today.AddDays(-dice.Next(number % 6 == 0 ? 17 * 365 : 88 * 365)).AddDays(-30);
        var street = $"{dice.Next(1, 400).ToString(CultureInfo.InvariantCulture)} {Pick(dice, Streets)}";
        return new Demographics
        {
            Names = [new() { Use = NameUse.Official, Family = family, Given = [Pick(dice, isWoman ? Women : Men)] }],
            BirthDate = PartialTime.Of(born),
            Sex = isWoman ? Sex.Female : Sex.Male,
            Telecoms =
            [
                new() { System = ContactSystem.Phone, Value = $"+1603555{100 + number:D4}", Use = ContactUse.Mobile, Rank = 1 },
                new() { System = ContactSystem.Email, Value = $"patient{number:D3}@example.org", Use = ContactUse.Home },
            ],
            Addresses = [new() { Use = AddressUse.Home, Lines = [street], City = "Millbrook", State = "NH", PostalCode = "03299", Country = "US" }],
            Contacts = dice.Next(3) == 0 ? [] :
            [
                new()
                {
                    Relationships = ["spouse"], IsEmergencyContact = true, Name = new() { Family = family, Given = [Pick(dice, isWoman ? Men : Women)] },
                    Telecoms = [new() { System = ContactSystem.Phone, Value = $"+1603555{100 + ((number + 1) % 100):D4}" }],
                },
            ],
            Coverages = dice.Next(8) == 0 ? [] :
                [new() { Payer = Pick(dice, Payers), MemberId = $"DEMO{dice.Next(100_000, 999_999).ToString(CultureInfo.InvariantCulture)}", Relationship = "self", Rank = 1 }],
            Languages = dice.Next(6) == 0 ? [new("es", "Spanish", true)] : [new("en", "English", true)],
            DeskAlert = number % 9 == 4 ? Alerts[number / 9 % Alerts.Length] : null,
        };
    }

    private static string Pick(Random dice, string[] from) => from[dice.Next(from.Length)];
}
