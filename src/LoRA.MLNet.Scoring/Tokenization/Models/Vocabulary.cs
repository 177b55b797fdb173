using System.Runtime.CompilerServices;
using LoRA.MLNet.Tokenization.Json;

namespace LoRA.MLNet.Tokenization.Models;

/// <summary>Tokens and their ids, in both directions.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly Lazy<Dictionary<int, string>> tokens;

    public Vocabulary(Dictionary<string, int> ids)
    {
        this.ids = ids;
        lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        tokens = new(() =>
        {
            var result = new Dictionary<int, string>(ids.Count);
            foreach (var (token, id) in ids)
            {
                result[id] = token;
            }

            return result;
        });
    }

    public int Count => ids.Count;

    public int LargestId => ids.Count == 0 ? -1 : ids.Values.Max();

    public int LongestToken => ids.Count == 0 ? 0 : ids.Keys.Max(token => token.Length);

    public IEnumerable<KeyValuePair<string, int>> Entries => ids;

    /// <summary>Reads <c>{"token": id, ...}</c>.</summary>
    public static Vocabulary Read(JsonSection section) => new(section.Ids());

    /// <summary>The tokens with a prefix, without it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vocabulary After(string prefix)
    {
        var result = new Dictionary<string, int>(ids.Count, StringComparer.Ordinal);
        foreach (var (token, id) in ids)
        {
            if (token.StartsWith(prefix, StringComparison.Ordinal))
            {
                result.Add(token[prefix.Length..], id);
            }
        }

        return new Vocabulary(result);
    }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => lookup.TryGetValue(token, out id);

    public int? IdOf(ReadOnlySpan<char> token) => lookup.TryGetValue(token, out int id) ? id : null;

    public string? TokenOf(int id) => tokens.Value.GetValueOrDefault(id);
}
