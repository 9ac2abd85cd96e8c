// libnvrtc.so.12 for the processor: g++ compiles, and the machine code is the name of a library.
//
// FOLDER is where it works; prelude.h and libcuda.so.1 lie there.
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

struct Program {
    std::string source, log, path;
    bool isMachineCode;
};

static int number;

extern "C" {
int nvrtcCreateProgram(Program **program, const char *source, const char *, int, void *, void *) {
    *program = new Program{source, "", "", false};
    return 0;
}

int nvrtcCompileProgram(Program *program, int count, const char **options) {
    std::string base = std::string(FOLDER "/program-") + std::to_string(++number);
    std::ofstream(base + ".cc") << "#include \"" FOLDER "/prelude.h\"\n" << program->source;
    std::string command = "g++ -w -O2 -fPIC -shared";
    for (int i = 0; i < count; i++) {
        std::string option = options[i];
        if (!strncmp(options[i], "-D", 2)) {
            command += " '" + option + "'";
        } else if (option.rfind("--gpu-architecture=", 0) == 0) {
            program->isMachineCode = option.find("=sm_") != std::string::npos;
            std::string number = option.substr(option.find('_') + 1);
            if (number != "80" && number != "90") {
                program->log = "invalid value for --gpu-architecture (-arch)";
                return 5;
            }
        }
    }
    program->path = base + ".so";
    command += " " + base + ".cc " FOLDER "/libcuda.so.1 -o " + program->path + " 2> " + base + ".log";
    int answer = system(command.c_str());
    std::ifstream log(base + ".log");
    program->log = std::string(std::istreambuf_iterator<char>(log), {});
    return answer ? 6 : 0;
}

int nvrtcGetProgramLogSize(Program *program, size_t *size) {
    *size = program->log.size() + 1;
    return 0;
}

int nvrtcGetProgramLog(Program *program, char *to) {
    strcpy(to, program->log.c_str());
    return 0;
}

int nvrtcGetCUBINSize(Program *program, size_t *size) {
    *size = program->path.size() + 1;
    return 0;
}

int nvrtcGetCUBIN(Program *program, char *to) {
    if (!program->isMachineCode) {
        return 3;
    }
    strcpy(to, program->path.c_str());
    return 0;
}

// As a compiler of before a GPU of capability 10.0 was made, which has its intermediate form and not its machine code.
int nvrtcGetNumSupportedArchs(int *count) {
    *count = 2;
    return 0;
}

int nvrtcGetSupportedArchs(int *all) {
    all[0] = 80;
    all[1] = 90;
    return 0;
}

int nvrtcGetPTXSize(Program *program, size_t *size) { return nvrtcGetCUBINSize(program, size); }

int nvrtcGetPTX(Program *program, char *to) {
    strcpy(to, program->path.c_str());
    return 0;
}

int nvrtcDestroyProgram(Program **program) {
    delete *program;
    return 0;
}
}
