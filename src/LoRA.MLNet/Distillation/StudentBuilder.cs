using System.Globalization;
using System.Text;
using LoRA.MLNet.Adapters;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Pretraining;
using LoRA.MLNet.Tokenization;

namespace LoRA.MLNet.Distillation;

/// <summary>
/// Makes a BERT that starts as a part of its teacher: chosen layers, and of a wider teacher the first rows and columns of every weight.
/// What the teacher lacks starts as transformers would start it.
/// </summary>
internal sealed class StudentBuilder
{
    private const int HeadSize = 32;
    private const int IntermediateFactor = 4;
    private const int MostPositions = 512;
    private const string Prefix = "bert.";

    // what BERT has and those who fine-tune the student will want; learning from the teacher drops nothing
    private const double FineTuningDropout = 0.1;

    private readonly EncoderDistillationOptions _options;
    private readonly PretrainedEncoder _teacher;
    private readonly HuggingFaceTokenizer _tokenizer;
    private readonly HuggingFaceTokenizer _teacherTokenizer;
    private readonly int[] _layers;
    private readonly TeacherNames _names;

    private StudentBuilder(EncoderDistillationOptions options, PretrainedEncoder teacher, HuggingFaceTokenizer tokenizer)
    {
        (_options, _teacher, _tokenizer) = (options, teacher, tokenizer);
        _teacherTokenizer = teacher.Tokenizer;
        _layers = [.. options.TeacherLayers ?? [.. Enumerable.Range(0, options.Layers).Select(i => i * teacher.Layers / options.Layers)]];
        _names = new TeacherNames(teacher.Encoder, _layers);
    }

    private bool KeepsVocabulary => ReferenceEquals(_tokenizer, _teacherTokenizer);

    /// <summary>The student that the options describe.</summary>
    /// <exception cref="ArgumentException">The options do not fit the teacher.</exception>
    public static Student Build(EncoderDistillationOptions options, PretrainedEncoder teacher, HuggingFaceTokenizer tokenizer)
    {
        var builder = new StudentBuilder(options, teacher, tokenizer);
        var encoder = EncoderFamilies.Create(EncoderConfig.Parse(Encoding.UTF8.GetBytes(builder.Config()), "the student's config.json"));
        return new Student(encoder, builder.Weights(encoder), tokenizer, options.InnerTeacherLayer ?? builder.DefaultInnerLayer());
    }

    // the second-last layer hands over what the layer that the last one starts from is used to
    private int? DefaultInnerLayer() => _layers.Length < 2 ? null : Math.Max(0, _layers[^1] - 1);

    private string Config()
    {
        var config = _teacher.Config;
        var width = _options.Width ?? _teacher.HiddenSize;
        var heads = _options.Heads ?? (width == _teacher.HiddenSize
            ? config.Integer("num_attention_heads", config.Integer("n_heads", config.Integer("n_head", width / HeadSize)))
            : width / HeadSize);
        if (width > _teacher.HiddenSize || heads < 1 || width % heads != 0)
        {
            throw new ArgumentException(
                $"{nameof(EncoderDistillationOptions)}: Width must be at most the teacher's {_teacher.HiddenSize} and a multiple of Heads, "
                + $"found Width {width} and Heads {heads}.");
        }

        return string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "architectures": ["BertModel"],
              "attention_probs_dropout_prob": {{FineTuningDropout}},
              "hidden_act": "{{config.String("hidden_act") ?? config.String("activation") ?? "gelu"}}",
              "hidden_dropout_prob": {{FineTuningDropout}},
              "hidden_size": {{width}},
              "initializer_range": 0.02,
              "intermediate_size": {{_options.IntermediateSize ?? IntermediateFactor * width}},
              "layer_norm_eps": {{config.Number("layer_norm_eps", 1e-12)}},
              "max_position_embeddings": {{Math.Min(MostPositions, _teacher.MaxLength)}},
              "model_type": "bert",
              "num_attention_heads": {{heads}},
              "num_hidden_layers": {{_layers.Length}},
              "pad_token_id": {{(KeepsVocabulary ? _teacher.Encoder.PadTokenId : _tokenizer.PaddingId ?? 0)}},
              "torch_dtype": "float32",
              "type_vocab_size": 2,
              "vocab_size": {{(KeepsVocabulary ? _teacher.VocabularySize : _tokenizer.VocabularySize)}}
            }

            """);
    }

    private Dictionary<string, WeightTensor> Weights(Encoders.Encoder encoder)
    {
        var inventory = ModuleInventory.Of(encoder, 1, Pooling.Mean);
        var initializer = new WeightInitializer(_options.Training.Seed);
        var known = inventory.Weights.Where(weight => !inventory.IsHead(weight.Key))
            .Select(weight => (weight.Key, Value: FromTeacher(weight.Key[Prefix.Length..], [.. weight.Value])))
            .Where(weight => weight.Value is not null)
            .ToDictionary(weight => weight.Key, weight => weight.Value!, StringComparer.Ordinal);
        return inventory.Weights.Keys.Where(key => !inventory.IsHead(key))
            .ToDictionary(key => key, key => initializer.FromBaseOrNew(key, inventory, known), StringComparer.Ordinal);
    }

    private WeightTensor? FromTeacher(string key, int[] shape) => key switch
    {
        "embeddings.word_embeddings.weight" => Words(shape),
        "embeddings.position_embeddings.weight" => Slice(Find(key), shape, PositionsBefore(Find(key))),
        "embeddings.token_type_embeddings.weight" => Types(Find(key), shape),
        _ => Slice(Find(key), shape, 0),
    };

    private WeightTensor? Find(string key) => _names.Find(key) is { } name ? _teacher.Weights.GetValueOrDefault(name) : null;

    private WeightTensor? Words(int[] shape)
    {
        var weight = _teacher.Weights[WordEmbedding.KeyOf(_teacher.Encoder)];
        if (KeepsVocabulary)
        {
            return Slice(weight, shape, 0);
        }

        var width = weight.Shape[1];
        var rows = new PieceEmbeddings(_teacherTokenizer, weight.ToFloats(), width).For(_tokenizer);
        return Slice(WeightTensor.FromFloats(rows, _tokenizer.VocabularySize, width), shape, 0);
    }

    // rows that families with a padding position keep before the first
    private int PositionsBefore(WeightTensor? weight) => weight is null ? 0 : Math.Max(0, weight.Shape[0] - _teacher.MaxLength);

    // a teacher with one type of token, or none, gives the same to both
    private static WeightTensor? Types(WeightTensor? weight, int[] shape)
    {
        var row = weight is null ? WeightInitializer.Zeros(1, shape[1]) : Slice(weight, [1, shape[1]], 0);
        return weight?.Shape[0] >= shape[0] ? Slice(weight, shape, 0)
            : row is null ? null
            : WeightTensor.FromFloats([.. Enumerable.Repeat(row.ToFloats(), shape[0]).SelectMany(values => values)], shape);
    }

    /// <summary>The first rows, from a given one, and columns; null where the weight is too small.</summary>
    private static WeightTensor? Slice(WeightTensor? weight, int[] shape, int firstRow)
    {
        if (weight is null || weight.Shape.Length != shape.Length || weight.Shape[0] - firstRow < shape[0] || weight.Shape[^1] < shape[^1])
        {
            return null;
        }

        var (values, columns) = (weight.ToFloats(), shape.Length == 1 ? 1 : weight.Shape[1]);
        var (kept, width) = (new float[shape.Aggregate(1, (product, size) => product * size)], shape.Length == 1 ? 1 : shape[1]);
        for (var row = 0; row < shape[0]; row++)
        {
            values.AsSpan((row + firstRow) * columns, width).CopyTo(kept.AsSpan(row * width));
        }

        return WeightTensor.FromFloats(kept, shape);
    }
}
